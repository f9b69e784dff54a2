import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { CloseCode } from "../../lib/chat/close_codes.ts";
import type { Fact } from "../../lib/chat/facts.ts";
import { Hub } from "../../lib/live/hub.ts";
import { MAX_BACKLOG_BYTES, Peer } from "../../lib/live/peer.ts";
import { SendQueue, SLICE } from "../../lib/live/send_queue.ts";
import { FakeSocket } from "../helpers/fake_socket.ts";

const pong: Fact = { type: "pong" };
const error: Fact = { type: "error", code: "internal", message: "m" };
const live = JSON.stringify(pong);

function newPeer(
  id = "ada",
  queue = new SendQueue(),
): { peer: Peer; socket: FakeSocket } {
  const socket = new FakeSocket();
  const person = { id, username: id, name: id };
  return { socket, peer: new Peer(socket, { person, session: "s", queue }) };
}

/** Frames go out at the end of the turn. */
const turn = () => Promise.resolve();
const eventLoop = () => new Promise<void>((resolve) => setImmediate(resolve));

Deno.test("frames of one turn go out as one message, in order", async () => {
  const { peer, socket } = newPeer();
  peer.send(error);
  peer.send(pong);
  assertEquals(socket.messages, []);
  await turn();
  assertEquals(socket.messages, [JSON.stringify([error, pong])]);
  peer.send(pong);
  await turn();
  assertEquals(socket.messages.slice(1), [JSON.stringify(pong)]);
});

Deno.test("live frames wait for the release, answers do not", async () => {
  const { peer, socket } = newPeer();
  peer.publish(live);
  peer.send(error);
  await turn();
  assertEquals(socket.received.all, [error]);
  peer.publish(live);
  peer.release();
  peer.publish(live);
  await turn();
  assertEquals(socket.received.all, [error, pong, pong, pong]);
});

Deno.test("a large room is told over some turns: answers do not wait, later frames join", async () => {
  const queue = new SendQueue();
  const room = Array.from({ length: 3 * SLICE }, (_, n) => newPeer(`p${n}`, queue));
  const told = () => room.filter(({ socket }) => socket.messages.length > 0).length;
  const [last] = room.slice(-1);
  for (const { peer } of room) peer.release();
  for (const { peer } of room) peer.publish(live, room.length);
  await turn();
  assertEquals(told(), SLICE);
  last.peer.send(error);
  for (const { peer } of room) peer.publish(live, room.length);
  await turn();
  assertEquals(told(), SLICE + 1, "who is answered");
  assertEquals(last.socket.messages, [JSON.stringify([pong, error, pong])]);
  for (let turns = 2; turns <= 4; turns++) {
    await eventLoop();
    assertEquals(told(), Math.min(turns * SLICE, 3 * SLICE) + (turns < 3 ? 1 : 0));
  }
  await eventLoop();
  const lengths = room.slice(0, -1).map(({ socket }) => socket.messages.length);
  assertEquals(lengths, lengths.map((_, n) => n < SLICE ? 2 : 1), "the first slice was told twice");
  assertEquals(
    room.map(({ socket }) => socket.received.all.length).slice(0, -1),
    lengths.map(() => 2),
  );
});

Deno.test("a small room does not wait for a large one, and who left keeps nobody waiting", async () => {
  const queue = new SendQueue();
  const room = Array.from({ length: 3 * SLICE }, (_, n) => newPeer(`p${n}`, queue));
  const [gone, ...others] = room;
  for (const { peer } of room) peer.release();
  const small = newPeer("ada", queue);
  small.peer.release();
  for (const { peer } of room) peer.publish(live, room.length);
  small.peer.publish(live, 2);
  gone.peer.close(CloseCode.FLOOD, "gone");
  await turn();
  assertEquals(small.socket.received.all, [pong]);
  for (let n = 0; n < 4; n++) await eventLoop();
  for (const { socket } of others) assertEquals(socket.received.all, [pong]);
  assertEquals(gone.socket.received.all, [pong], "what was ready went out before the close");
});

Deno.test("every peer gets its frames in their order, once, whoever else is told", async () => {
  const act = fc.record({
    peer: fc.nat(2 * SLICE),
    type: fc.constantFrom("send", "publish", "bulk"),
  });
  const turns = fc.array(fc.array(fc.oneof(act, fc.constant("all" as const)), { maxLength: 60 }), {
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(turns, async (turns) => {
      const queue = new SendQueue();
      const peers = Array.from({ length: 2 * SLICE + 1 }, (_, n) => newPeer(`p${n}`, queue));
      for (const { peer } of peers) peer.release();
      const said = peers.map((): string[] => []);
      let n = 0;
      const say = (i: number, type: string) => {
        const fact: Fact = { ...error, message: `${n++}` } as Fact;
        said[i].push(JSON.stringify(fact));
        if (type === "send") peers[i].peer.send(fact);
        else peers[i].peer.publish(JSON.stringify(fact), type === "bulk" ? peers.length : 1);
      };
      for (const acts of turns) {
        for (const one of acts) {
          if (one === "all") peers.forEach((_, i) => say(i, "bulk"));
          else say(one.peer, one.type);
        }
        await eventLoop();
      }
      for (let i = 0; i < 4; i++) await eventLoop();
      const got = peers.map(({ socket }) =>
        socket.received.all.map((fact) => JSON.stringify(fact))
      );
      assertEquals(got, said);
    }),
    { numRuns: 50 },
  );
});

Deno.test("a peer that reads too slowly is closed and gets nothing more", async () => {
  const { peer, socket } = newPeer();
  socket.bufferedAmount = MAX_BACKLOG_BYTES;
  peer.send(pong);
  await turn();
  assertEquals(socket.messages.length, 1, "premise: at the limit it still gets frames");
  socket.bufferedAmount++;
  peer.send(pong);
  await turn();
  assertEquals((await socket.closed).code, CloseCode.TOO_SLOW);
  socket.bufferedAmount = 0;
  peer.send(pong);
  await turn();
  assertEquals(socket.messages.length, 1);
  assertEquals(peer.closing, true);
});

Deno.test("close() sends what is ready first, and closes once", async () => {
  const { peer, socket } = newPeer();
  peer.send(error);
  peer.close(CloseCode.RESTART, "first");
  peer.close(CloseCode.FLOOD, "second");
  assertEquals(socket.received.all, [error]);
  assertEquals(await socket.closed, { code: CloseCode.RESTART, reason: "first" });
  await turn();
  assertEquals(socket.messages.length, 1);
});

Deno.test("the hub says when a room or a person is first and last needed", () => {
  const told: string[] = [];
  const hub = new Hub({
    onRoom: (id, needed) => told.push(`room ${id} ${needed}`),
    onUser: (id, needed) => told.push(`user ${id} ${needed}`),
  });
  const [a, b, c] = [newPeer("ada").peer, newPeer("ada").peer, newPeer("ben").peer];
  for (const peer of [a, b, c]) hub.add(peer);
  for (const peer of [a, b, b, c]) hub.join(peer, "r1");
  assertEquals(told.splice(0), ["user ada true", "user ben true", "room r1 true"]);
  hub.remove(a);
  hub.remove(a);
  hub.leave(c, "r1");
  assertEquals(told.splice(0), []);
  hub.remove(b);
  assertEquals(told.splice(0), ["room r1 false", "user ada false"]);
  assertEquals([hub.inRoom("r1").size, hub.ofUser("ada").size, hub.peers.size], [0, 0, 1]);
});

Deno.test("a peer that was removed joins and watches nothing", () => {
  const told: string[] = [];
  const hub = new Hub({ onRoom: (id) => told.push(id), onUser: () => {} });
  const { peer } = newPeer();
  hub.add(peer);
  hub.remove(peer);
  hub.join(peer, "r1");
  hub.watch(peer, ["ben"]);
  assertEquals([told.length, peer.rooms.size, hub.watching("ben").size], [0, 0, 0]);
});

Deno.test("watch() replaces the people watched before", () => {
  const hub = new Hub({ onRoom: () => {}, onUser: () => {} });
  const { peer } = newPeer();
  hub.add(peer);
  hub.watch(peer, ["ben", "cyd", "ben"]);
  hub.watch(peer, ["cyd", "dan"]);
  assertEquals(["ben", "cyd", "dan"].map((id) => hub.watching(id).size), [0, 1, 1]);
  hub.remove(peer);
  assertEquals(["ben", "cyd", "dan"].map((id) => hub.watching(id).size), [0, 0, 0]);
});
