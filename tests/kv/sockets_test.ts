import { assert, assertEquals, assertGreater } from "@std/assert";
import { CloseCode } from "../../lib/chat/close_codes.ts";
import { Appender } from "../../lib/live/appender.ts";
import { Peer } from "../../lib/live/peer.ts";
import { toPerson } from "../../lib/store/accounts.ts";
import { hashToken } from "../../lib/store/ids.ts";
import { getOrCreateDirect, listRoomIds } from "../../lib/store/rooms.ts";
import { createSession, removeSession } from "../../lib/store/sessions.ts";
import { SendQueue } from "../../lib/live/send_queue.ts";
import { FakeSocket } from "../helpers/fake_socket.ts";
import { freshKv } from "../helpers/fresh_kv.ts";
import { TestInstance } from "../helpers/instance.ts";
import { createPair, createPerson } from "../helpers/people.ts";
import { stubKv } from "../helpers/stub_kv.ts";
import { quietly } from "../helpers/waiting.ts";
import { HELLO, post, postAll, setUp } from "../helpers/conversation.ts";

Deno.test("a session that ends closes its own sockets and no others", async () => {
  await using t = await setUp();
  const token = await createSession(t.kv, t.ada.id);
  const hash = await hashToken(token);
  const sockets = [
    await t.instance.connect(t.ada, { session: hash }),
    await t.instance.connect(t.ada, { session: hash }),
  ];
  const other = await t.instance.connect(t.ada, { session: "another" });
  await removeSession(t.kv, hash);
  for (const socket of sockets) assertEquals((await socket.closed).code, CloseCode.SIGNED_OUT);
  other.say({ type: "ping" });
  await other.take("pong");
  assertEquals(other.readyState, 1);
});

Deno.test("an unexpected failure says nothing of itself and leaves the socket open", async () => {
  using kv = await freshKv();
  const { ada, room } = await createPair(kv);
  let isDown = false;
  const flaky = stubKv(kv, {
    list() {
      if (isDown) throw new Error("secret detail");
    },
  });
  await using instance = await TestInstance.start(flaky);
  const socket = await instance.connect(ada);
  socket.say(post(room.id, "m1"));
  await socket.take("ack");
  isDown = true;
  await quietly(async (errors) => {
    socket.say({ type: "history", ref: 5, room: room.id });
    const error = await socket.take("error");
    assertEquals([error.code, error.ref], ["internal", 5]);
    assert(!error.message.includes("secret"));
    assertEquals(errors.length, 1);
  });
  isDown = false;
  socket.say({ type: "history", ref: 6, room: room.id });
  assertEquals((await socket.take("page")).ref, 6);
});

/** Rooms of a person with 25 others, so that their socket needs several watch streams. */
async function openRooms(kv: Deno.Kv, id: string): Promise<void> {
  for (let n = 0; n < 25; n++) {
    await getOrCreateDirect(kv, id, (await createPerson(kv, `other${n}`)).id);
  }
}

Deno.test("a socket that goes away leaves nothing behind", async () => {
  await using t = await setUp();
  await openRooms(t.kv, t.eve.id);
  const eve = await t.instance.connect(t.eve);
  // What another instance stores arrives by the watch, so all watches are there then.
  const elsewhere = new Appender(t.kv, { onCommit: () => {} });
  for (const room of await listRoomIds(t.kv, t.eve.id)) {
    await elsewhere.append({ type: "posted", room, by: t.ada.id, id: "m1", text: "hi" });
    await eve.take("events", (events) => events.room === room);
  }
  const { live } = t.instance;
  assertGreater(live.streams, 1, "premise: it needed streams of its own");
  eve.hangUp();
  eve.hangUp();
  eve.say({ type: "ping" });
  assertEquals([live.hub.peers.size, live.hub.ofUser(t.eve.id).size], [0, 0]);
  assertEquals([t.instance.sockets.size, live.streams], [0, 1]);
});

Deno.test("a socket that goes away during its hello leaves nothing behind", async () => {
  await using t = await setUp();
  await openRooms(t.kv, t.eve.id);
  for (let n = 0; n < 10; n++) {
    const socket = t.instance.open(t.eve);
    socket.say(HELLO);
    for (let reads = 0; reads < n; reads++) await t.kv.get(["any"]);
    socket.hangUp();
  }
  // Greetings that were under way end before this one's posts do.
  const ada = await t.instance.connect(t.ada);
  await postAll(ada, t.room.id, 20);
  const { live, sockets } = t.instance;
  assertEquals([live.hub.peers.size, sockets.size, live.streams], [1, 1, 1]);
});

Deno.test("joining with a peer that left follows nothing", async () => {
  await using t = await setUp();
  const { live } = t.instance;
  const who = { person: toPerson(t.eve), session: "s" };
  const peer = new Peer(new FakeSocket(), { ...who, queue: new SendQueue() });
  await live.add(peer);
  live.remove(peer);
  await live.join(peer, Array.from({ length: 25 }, (_, n) => ({ room: `room${n}` })));
  // A note arrives by a watch that was opened later than those would have been.
  const hash = await hashToken(await createSession(t.kv, t.ada.id));
  const socket = await t.instance.connect(t.ada, { session: hash });
  await removeSession(t.kv, hash);
  await socket.closed;
  assertEquals(live.streams, 1);
});

Deno.test("sweep() closes who never greets and who falls silent, and lets others be", async () => {
  await using t = await setUp();
  const now = Date.now();
  const mute = t.instance.open(t.ada);
  const silent = await t.instance.connect(t.ben);
  t.instance.sockets.sweep(now + 9_000);
  assertEquals([mute.readyState, silent.readyState], [1, 1]);
  t.instance.sockets.sweep(now + 11_000);
  assertEquals((await mute.closed).code, CloseCode.TIMEOUT);
  assertEquals(silent.readyState, 1);
  t.instance.sockets.sweep(now + 61_000);
  assertEquals((await silent.closed).code, CloseCode.TIMEOUT);
  assertEquals(t.instance.sockets.size, 0);
});

Deno.test("sweep() closes sockets whose session ended unnoticed", async () => {
  await using t = await setUp();
  const now = Date.now();
  const token = await createSession(t.kv, t.ada.id);
  const good = await t.instance.connect(t.ada, { session: await hashToken(token) });
  const gone = await t.instance.connect(t.ada, { session: "gone" });
  const later = now + 10 * 60 * 1000 + 5_000;
  const real = Date.now;
  try {
    Date.now = () => later;
    for (const socket of [good, gone]) socket.say({ type: "ping" });
    t.instance.sockets.sweep(later);
  } finally {
    Date.now = real;
  }
  assertEquals((await gone.closed).code, CloseCode.SIGNED_OUT);
  assertEquals(good.readyState, 1);
});

Deno.test("one person has a limited number of sockets at an instance", async () => {
  await using t = await setUp();
  const sockets = Array.from({ length: 30 }, () => t.instance.open(t.ada));
  assertEquals(t.instance.sockets.accepts(t.ada.id), false);
  assertEquals(t.instance.sockets.accepts(t.ben.id), true);
  sockets[0].hangUp();
  assertEquals(t.instance.sockets.accepts(t.ada.id), true);
});

Deno.test("an instance that stops stores what waits, acks it and asks its sockets back", async () => {
  using kv = await freshKv();
  const { ada, room } = await createPair(kv);
  const instance = await TestInstance.start(kv);
  const socket = await instance.connect(ada);
  socket.say(post(room.id, "first"));
  await socket.take("ack");
  for (let n = 0; n < 50; n++) socket.say(post(room.id, `m${n}`));
  await instance[Symbol.asyncDispose]();
  assertEquals((await socket.closed).code, CloseCode.RESTART);
  assertEquals(socket.all("ack").length, 51);
  assertEquals(instance.sockets.accepts(ada.id), false);
});

Deno.test("a new account is told to everybody with a socket, without secrets", async () => {
  await using t = await setUp();
  await using other = await TestInstance.start(t.kv);
  const sockets = [await t.instance.connect(t.ada), await other.connect(t.ben)];
  const fay = await createPerson(t.kv, "fay", "Fay");
  for (const socket of sockets) {
    const { people } = await socket.take("joined");
    assertEquals(people, [{ id: fay.id, username: "fay", name: "Fay" }]);
  }
});
