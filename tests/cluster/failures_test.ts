/** What two processes on one denokv do when it, or one of them, is killed. */

import { assert, assertEquals } from "@std/assert";
import type { Fact } from "../../lib/chat/facts.ts";
import { LEASE_MS } from "../../lib/live/presence.ts";
import { denokvPath } from "../helpers/denokv.ts";
import { within } from "../helpers/waiting.ts";
import { at, join, type Pair, startPair } from "./pair.ts";

function test(name: string, run: (pair: Pair) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !denokvPath,
    async fn() {
      await using pair = await startPair();
      await run(pair);
    },
  });
}

test("denokv is killed and started under both: they go on, and nothing is lost", async (pair) => {
  const [ada, bob] = [await join(pair.one, "ada"), await join(pair.two, "bob")];
  const { id: room } = await ada.room(bob.me);
  await using a = await ada.connect();
  await using b = await bob.connect();
  await pair.denokv.signal("SIGKILL");
  for (let n = 0; n < 10; n++) {
    a.send({ type: "post", room, id: `down-${n}`, text: `sent while it was down ${n}` });
  }
  await pair.denokv.restart();
  for (let n = 0; n < 10; n++) await within(a.next("ack", ({ id }) => id === `down-${n}`), "ack");
  await b.next("events", ({ events }) => events.some(({ id }) => id === "down-9"));
  const got = b.frames.flatMap((f) => f.type === "events" ? f.events : []).map(({ id }) => id);
  assertEquals(got.filter((id) => id.startsWith("down-")).length, 10);
});

test("a stop while denokv is away closes sockets with 1012 and ends in time", async (pair) => {
  const [ada, bob] = [await join(pair.one, "ada"), await join(pair.one, "bob")];
  const { id: room } = await ada.room(bob.me);
  await using a = await ada.connect();
  await pair.denokv.signal("SIGKILL");
  a.send({ type: "post", room, id: "waits", text: "waits" });
  const started = performance.now();
  await pair.one.stop("SIGTERM");
  assert(performance.now() - started < 5_000);
  assertEquals((await a.closed).code, 1012);
  assertEquals(a.frames.some(({ type }) => type === "ack"), false, "what is not stored has no ack");
});

test("kill -9 of a process: its people resume at the other, those who do not are offline in time", async (pair) => {
  const ada = await join(pair.one, "ada");
  const [finn, gwen] = [await join(pair.two, "finn"), await join(pair.two, "gwen")];
  const { id: room } = await ada.room(finn.me);
  await using a = await ada.connect();
  const f = await finn.connect();
  const g = await gwen.connect();
  a.send({ type: "watch", people: [finn.me.id, gwen.me.id] });
  for (const { me } of [finn, gwen]) {
    await a.next("presence", ({ people }) => people.some((p) => p.id === me.id && p.online));
  }
  f.send({ type: "post", room, id: "before", text: "before" });
  const { seq } = await f.next("ack");
  const killedAt = performance.now();
  const told = a.frames.length;
  await pair.two.stop("SIGKILL");
  await Promise.all([f.closed, g.closed]);
  a.send({ type: "post", room, id: "meanwhile", text: "meanwhile" });
  await a.next("ack", ({ id }) => id === "meanwhile");
  await using back = await (await at(pair.one, finn)).connect({ [room]: seq });
  const { events } = await back.next("resumed");
  assertEquals(events.map(({ id }) => id), ["meanwhile"]);
  while (!isOffline(a.frames.slice(told), gwen.me.id)) {
    assert(performance.now() - killedAt < 60_000, "offline within 60 s");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const seconds = (performance.now() - killedAt) / 1_000;
  console.log(`offline ${seconds.toFixed(1)} s after kill -9; a lease is ${LEASE_MS / 1_000} s`);
  assert(!isOffline(a.frames.slice(told), finn.me.id), "who came back stayed online");
});

/** Whether frames say that a person went offline. */
function isOffline(frames: Fact[], id: string): boolean {
  return frames.some((fact) =>
    fact.type === "presence" && fact.people.some((person) => person.id === id && !person.online)
  );
}
