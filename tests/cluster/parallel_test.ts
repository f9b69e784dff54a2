/** Two people on different isolates of one process: `deno serve --parallel` of the build. */

import { assert, assertEquals } from "@std/assert";
import { type Client, register, type TestSocket } from "../helpers/client.ts";
import {
  countInstances,
  countOnline,
  type ParallelServer,
  startParallel,
} from "../helpers/parallel.ts";
import { allowsAll } from "../helpers/permissions.ts";

/** Isolates take turns at one listening socket; so many, one after the other, hit more than one. */
const SOCKETS = 12;
const POSTS = 40;

Deno.test({
  name: "people on different isolates chat, see each other, and lose nothing when it stops",
  ignore: !allowsAll,
  async fn() {
    await using server = await startParallel(3);
    const [ada, bob] = [
      await register(server.origin, "ada"),
      await register(server.origin, "bob"),
    ];
    const { id: room } = await ada.room(bob.me);
    const [adas, bobs] = [await connectAll(ada), await connectAll(bob)];
    await assertSpread(server, ada.me.id);
    await chat(room, adas, bobs);
    await sees(adas, bob.me.id);
    const closed = Promise.all([...adas, ...bobs].map((socket) => socket.closed));
    const started = performance.now();
    assertEquals(await server.stop("SIGTERM"), 0, server.errors());
    assert(performance.now() - started < 5_000, "it takes less than the platform gives");
    // `deno serve` cuts connections itself, as "going away": clients come back as after a drop.
    for (const { code } of await closed) assert(code === 1001 || code === 1012, `code ${code}`);
    assertEquals(await countInstances(server.kvPath), 0, "every isolate has signed off");
    assertEquals(await storedIds(server.kvPath, room), sentIds());
  },
});

async function connectAll(client: Client): Promise<TestSocket[]> {
  const sockets: TestSocket[] = [];
  while (sockets.length < SOCKETS) {
    sockets.push(await client.connect());
    await new Promise((resolve) => setTimeout(resolve, 20)); // a burst would all be one isolate's
  }
  return sockets;
}

/** The test's premise: one person's sockets are at more than one isolate. */
async function assertSpread({ kvPath, errors }: ParallelServer, userId: string): Promise<void> {
  using kv = await Deno.openKv(kvPath);
  for (const deadline = Date.now() + 5_000; await countOnline(kv, userId) < 2;) {
    assert(Date.now() < deadline, `sockets are at one isolate: ${errors()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Both post through changing sockets; every socket must get all of it, in one order. */
async function chat(room: string, adas: TestSocket[], bobs: TestSocket[]): Promise<void> {
  for (let n = 0; n < POSTS; n++) {
    const from = n % 2 === 0 ? adas : bobs;
    from[n % SOCKETS].send({ type: "post", room, id: `p${n}`, text: `message ${n}` });
    await from[n % SOCKETS].next("ack", ({ id }) => id === `p${n}`);
  }
  for (const socket of [...adas, ...bobs]) {
    await socket.next("events", ({ events }) => events.at(-1)?.seq === POSTS);
    const seqs = socket.frames.flatMap((f) => f.type === "events" ? f.events : []).map((e) =>
      e.seq
    );
    assertEquals(seqs, Array.from({ length: POSTS }, (_, n) => n + 1));
  }
}

async function sees(sockets: TestSocket[], person: string): Promise<void> {
  for (const socket of sockets) {
    socket.send({ type: "watch", people: [person] });
    await socket.next("presence", ({ people }) => people.some((p) => p.id === person && p.online));
  }
}

async function storedIds(kvPath: string, room: string): Promise<unknown[]> {
  using kv = await Deno.openKv(kvPath);
  const entries = await Array.fromAsync(kv.list<{ id: string }>({ prefix: ["log", "room", room] }));
  return entries.map(({ value }) => value.id);
}

function sentIds(): string[] {
  return Array.from({ length: POSTS }, (_, n) => `p${n}`);
}
