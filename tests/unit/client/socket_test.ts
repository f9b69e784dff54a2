import { assert, assertEquals, assertFalse } from "@std/assert";
import { CloseCode } from "../../../lib/chat/close_codes.ts";
import { MAX_FRAMES, MAX_MESSAGE_BYTES } from "../../../lib/chat/limits.ts";
import type { Fact } from "../../../lib/chat/facts.ts";
import { MAX_QUEUED } from "../../../lib/client/line.ts";
import { Socket } from "../../../lib/client/socket.ts";
import { welcome } from "../../helpers/chat_harness.ts";
import { FakeTransport } from "../../helpers/fake_transport.ts";
import { microtasks, VirtualClock } from "../../helpers/virtual_clock.ts";

class Fixture {
  readonly clock = new VirtualClock();
  readonly transport = new FakeTransport();
  readonly heard: Fact[] = [];
  lost = 0;
  random = 0.5;
  cursors: Record<string, number> = { r: 7 };
  readonly socket = new Socket({
    transport: this.transport,
    clock: this.clock,
    random: () => this.random,
    hello: () => ({ type: "hello", version: 1, cursors: this.cursors }),
    hear: (fact) => void this.heard.push(fact),
    lost: () => void this.lost++,
  });

  get connection() {
    return this.transport.last;
  }

  get state() {
    return this.socket.connection.value;
  }

  get delay() {
    return this.socket.retryAt.value! - this.clock.now();
  }

  greet(): void {
    this.connection.accept();
    this.connection.say(welcome([]));
  }

  live(): this {
    this.socket.start();
    this.greet();
    return this;
  }
}

Deno.test("Socket opens nothing before it is started", () => {
  const { socket, transport, clock } = new Fixture();
  assertEquals(transport.connections.length, 0);
  assertEquals(socket.connection.value, "connecting");
  assertEquals(clock.pending, 0);
});

Deno.test("Socket says hello with its cursors first and is live after the welcome", () => {
  const f = new Fixture();
  f.socket.start();
  assertEquals(f.connection.sent, []);
  f.connection.accept();
  assertEquals(f.connection.sent, [{ type: "hello", version: 1, cursors: { r: 7 } }]);
  assertEquals(f.state, "connecting");
  f.connection.say(welcome([]));
  assertEquals(f.state, "live");
});

Deno.test("Socket refuses frames until it is live", async () => {
  const f = new Fixture();
  assertFalse(f.socket.send({ type: "ping" }));
  f.socket.start();
  f.connection.accept();
  assertFalse(f.socket.send({ type: "ping" }));
  f.connection.say(welcome([]));
  assert(f.socket.send({ type: "ping" }));
  await microtasks();
  assertEquals(f.connection.sent.length, 2);
});

Deno.test("Socket sends frames that are ready together as one message", async () => {
  const f = new Fixture().live();
  f.socket.send({ type: "read", room: "r", seq: 1 });
  f.socket.send({ type: "watch", people: ["a"] });
  await microtasks();
  f.socket.send({ type: "ping" });
  await microtasks();
  assertEquals(f.connection.messages.slice(1), [
    '[{"type":"read","room":"r","seq":1},{"type":"watch","people":["a"]}]',
    '{"type":"ping"}',
  ]);
});

Deno.test("Socket keeps its messages under the server's limits", async () => {
  const f = new Fixture().live();
  for (let n = 0; n < 200; n++) f.socket.send({ type: "ping" });
  for (let n = 0; n < 20; n++) {
    f.socket.send({ type: "post", room: "r", id: `m${n}`, text: "漢".repeat(8_000) });
  }
  await microtasks();
  assertEquals(f.connection.sentOf("ping").length, 200);
  assertEquals(f.connection.sentOf("post").map(({ id }) => id)[19], "m19");
  for (const message of f.connection.messages) {
    assert(new TextEncoder().encode(message).length <= MAX_MESSAGE_BYTES);
    assert([JSON.parse(message)].flat().length <= MAX_FRAMES);
  }
});

Deno.test("Socket refuses frames beyond its bound", async () => {
  const f = new Fixture().live();
  for (let n = 0; n < MAX_QUEUED; n++) assert(f.socket.send({ type: "ping" }));
  assertFalse(f.socket.send({ type: "ping" }));
  await microtasks();
  assert(f.socket.send({ type: "ping" }));
});

Deno.test("Socket hears one fact or several, and skips what has no type", () => {
  const f = new Fixture().live();
  f.connection.raw('{"type":"pong"}');
  f.connection.raw('[{"type":"pong"},7,null,{"no":"type"},{"type":"later","x":1},{"type":"pong"}]');
  const types: string[] = f.heard.map(({ type }) => type);
  assertEquals(types, ["welcome", "pong", "pong", "later", "pong"]);
  assertEquals(f.state, "live");
});

Deno.test("Socket begins anew when a message is no JSON", () => {
  const f = new Fixture().live();
  f.connection.raw("{");
  assertEquals(f.state, "waiting");
  assert(f.connection.closedWith !== null);
});

Deno.test("Socket pings every 25 s and lives on as long as it is answered", async () => {
  const f = new Fixture().live();
  await f.clock.advance(24_999);
  assertEquals(f.connection.sentOf("ping").length, 0);
  await f.clock.advance(1);
  assertEquals(f.connection.sentOf("ping").length, 1);
  f.connection.say({ type: "pong" });
  await f.clock.advance(25_000);
  assertEquals(f.connection.sentOf("ping").length, 2);
  assertEquals(f.state, "live");
});

Deno.test("Socket pings also while the server talks, for the server listens too", async () => {
  const f = new Fixture().live();
  for (let n = 0; n < 10; n++) {
    await f.clock.advance(10_000);
    f.connection.say({ type: "presence", people: [] });
  }
  assertEquals(f.connection.sentOf("ping").length, 4);
});

Deno.test("Socket gives a peer up that is silent for 8 s after a ping", async () => {
  const f = new Fixture().live();
  await f.clock.advance(25_000 + 7_999);
  assertEquals(f.state, "live");
  await f.clock.advance(1);
  assertEquals(f.state, "waiting");
  assert(f.connection.closedWith !== null);
  assertEquals(f.lost, 1);
});

Deno.test("Socket gives a connection up that is not welcomed", async () => {
  const f = new Fixture();
  f.socket.start();
  await f.clock.advance(15_000);
  assertEquals(f.state, "waiting");
  assertEquals(f.lost, 0);
});

Deno.test("Socket comes back with full jitter under a cap from 1 s doubling to 30 s", async () => {
  const f = new Fixture();
  f.random = 0.999999;
  f.socket.start();
  const delays: number[] = [];
  for (let n = 0; n < 7; n++) {
    f.connection.drop();
    delays.push(Math.ceil(f.delay / 1000));
    await f.clock.advance(f.delay);
  }
  assertEquals(delays, [1, 2, 4, 8, 16, 30, 30]);
  f.random = 0;
  f.connection.drop();
  assertEquals(f.delay, 0);
});

Deno.test("Socket forgets earlier failures only after a connection that lasted", async () => {
  const f = new Fixture();
  f.random = 0.999999;
  f.live();
  f.connection.drop();
  await f.clock.advance(f.delay);
  f.greet();
  f.connection.drop();
  assertEquals(Math.ceil(f.delay), 1_999);
  await f.clock.advance(f.delay);
  f.greet();
  await f.clock.advance(10_000);
  f.connection.drop();
  assertEquals(Math.ceil(f.delay), 999);
});

Deno.test("Socket spreads its return after a restart over 5 s", async () => {
  const f = new Fixture().live();
  f.connection.drop(CloseCode.RESTART);
  assertEquals(f.delay, 2_500);
  await f.clock.advance(2_500);
  f.random = 0.999999;
  f.connection.drop(CloseCode.RESTART);
  assertEquals(f.delay, 4_999);
  await f.clock.advance(f.delay);
  f.connection.drop();
  assertEquals(f.delay, 999);
});

Deno.test("Socket stops for good at a final close code", async () => {
  for (const [code, state] of [[4401, "signed_out"], [4426, "outdated"]] as const) {
    const f = new Fixture().live();
    f.connection.drop(code);
    assertEquals(f.state, state);
    assertEquals(f.socket.retryAt.value, null);
    f.socket.wake();
    await f.clock.advance(120_000);
    assertEquals(f.transport.connections.length, 1);
    assertEquals(f.clock.pending, 0);
    assertEquals(f.lost, 1);
  }
});

Deno.test("Socket comes back after every other close code", async () => {
  for (const code of [1000, 1001, 1006, 1009, 1011, 1012, 4400, 4408, 4429, 4430]) {
    const f = new Fixture().live();
    f.connection.drop(code);
    assertEquals(f.state, "waiting");
    await f.clock.advance(f.delay);
    assertEquals(f.transport.connections.length, 2);
  }
});

Deno.test("Socket stops when the server speaks another version", () => {
  const f = new Fixture();
  f.socket.start();
  f.connection.accept();
  f.connection.say(welcome([], { version: 2 }));
  assertEquals(f.state, "outdated");
  assertEquals(f.heard, []);
});

Deno.test("Socket tries at once when it is woken while waiting", () => {
  const f = new Fixture().live();
  f.connection.drop();
  assertEquals(f.state, "waiting");
  f.socket.wake();
  assertEquals(f.state, "connecting");
  assertEquals(f.socket.retryAt.value, null);
  assertEquals(f.transport.connections.length, 2);
  f.socket.wake();
  assertEquals(f.transport.connections.length, 2);
});

Deno.test("Socket looks whether it still lives when it is woken while live", async () => {
  const f = new Fixture().live();
  f.socket.wake();
  f.socket.wake();
  await f.clock.advance(7_999);
  assertEquals(f.state, "live");
  await f.clock.advance(1);
  assertEquals(f.state, "waiting");
});

Deno.test("Socket ignores a connection that it gave up, and a second close", () => {
  const f = new Fixture().live();
  const old = f.connection;
  old.drop();
  old.drop();
  assertEquals(f.lost, 1);
  f.socket.wake();
  f.greet();
  const heard = f.heard.length;
  old.say({ type: "pong" });
  old.drop(4401);
  assertEquals(f.heard.length, heard);
  assertEquals(f.state, "live");
});

Deno.test("Socket closes without timers left and can be started again", async () => {
  const f = new Fixture().live();
  f.socket.close();
  assertEquals(f.clock.pending, 0);
  assertEquals(f.connection.closedWith, 1000);
  assertEquals(f.lost, 1);
  await f.clock.advance(60_000);
  assertEquals(f.transport.connections.length, 1);
  f.socket.start();
  f.greet();
  assertEquals(f.state, "live");
});
