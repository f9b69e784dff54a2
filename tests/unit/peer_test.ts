import { assertEquals } from "@std/assert";
import { CloseCode } from "../../lib/chat/close_codes.ts";
import type { Fact } from "../../lib/chat/facts.ts";
import { Hub } from "../../lib/live/hub.ts";
import { MAX_BACKLOG_BYTES, Peer } from "../../lib/live/peer.ts";
import { FakeSocket } from "../helpers/fake_socket.ts";

const pong: Fact = { type: "pong" };
const error: Fact = { type: "error", code: "internal", message: "m" };
const live = JSON.stringify(pong);

function newPeer(id = "ada"): { peer: Peer; socket: FakeSocket } {
  const socket = new FakeSocket();
  const person = { id, username: id, name: id };
  return { socket, peer: new Peer(socket, { person, session: "s" }) };
}

/** Frames go out at the end of the turn. */
const turn = () => Promise.resolve();

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
