/** Two processes on one denokv: what one person does at the one, another sees at the other. */

import { assertEquals } from "@std/assert";
import { type Client } from "../helpers/client.ts";
import { denokvPath } from "../helpers/denokv.ts";
import { within } from "../helpers/waiting.ts";
import { at, join, type Pair, startPair } from "./pair.ts";

const SOON_MS = 1_000;

let pair: Pair;
/** Ada is at the first process, Bob at the second. */
let ada: Client;
let bob: Client;

function test(name: string, run: () => Promise<void>): void {
  Deno.test({ name, ignore: !denokvPath, fn: run });
}

if (denokvPath) {
  Deno.test.beforeAll(async () => {
    pair = await startPair();
    ada = await join(pair.one, "ada");
    bob = await join(pair.two, "bob");
  });
  Deno.test.afterAll(async () => await pair[Symbol.asyncDispose]());
}

test("people at two processes chat, each message within a second, in one order", async () => {
  const { id: room } = await ada.room(bob.me);
  await using a = await ada.connect();
  await using b = await bob.connect();
  for (let n = 1; n <= 20; n++) {
    const [from, to] = n % 2 ? [a, b] : [b, a];
    from.send({ type: "post", room, id: `chat-${n}`, text: `message ${n}` });
    const ack = await from.next("ack", ({ id }) => id === `chat-${n}`);
    const arrival = to.next("events", ({ events }) => events.some(({ seq }) => seq === ack.seq));
    await within(arrival, "the message at the other process", SOON_MS);
  }
  const seqs = (frames: typeof a.frames) =>
    frames.flatMap((f) => f.type === "events" ? f.events : []).map(({ seq }) => seq);
  await a.settled();
  assertEquals(seqs(a.frames), seqs(b.frames));
});

test("presence, a new room and a read pointer show at the other process within a second", async () => {
  const cleo = await join(pair.two, "cleo");
  await using a = await ada.connect();
  await using second = await (await at(pair.two, ada)).connect();
  a.send({ type: "watch", people: [cleo.me.id] });
  await a.next("presence", ({ people }) => !people[0].online);
  await using c = await cleo.connect();
  await within(a.next("presence", ({ people }) => people[0].online), "presence", SOON_MS);
  const { id: room } = await cleo.room(ada.me);
  await within(a.next("room", (fact) => fact.room.id === room), "the room", SOON_MS);
  c.send({ type: "post", room, id: "hi", text: "hi" });
  await within(a.next("events", (fact) => fact.room === room), "the message", SOON_MS);
  a.send({ type: "read", room, seq: 1 });
  await within(second.next("read", (fact) => fact.room === room), "the pointer", SOON_MS);
});

test("signing out at one process closes the session's sockets at the other within a second", async () => {
  const dora = await join(pair.one, "dora");
  const socket = await (await at(pair.two, dora)).connect();
  await (await dora.fetch("/api/session", { method: "DELETE" })).body?.cancel();
  assertEquals((await within(socket.closed, "the close", SOON_MS)).code, 4401);
});
