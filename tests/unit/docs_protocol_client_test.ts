/** The client on `docs/protocol.md`, as it is printed there, against a server that the test plays. */

import { assertEquals } from "@std/assert";
import { command } from "../../lib/chat/commands.ts";
import { facts } from "../../lib/chat/facts.ts";
import { codeBlocks, readPage, sections } from "../helpers/docs.ts";
import { allowsAll } from "../helpers/permissions.ts";

/** The client on the page. */
interface PageClient {
  post(room: string, text: string): Promise<{ seq: number }>;
  cursors: Record<string, number>;
  close(): void;
}

type Connect = (
  url: string,
  onEvent: (room: string, event: { seq: number }) => void,
  cursors: Record<string, number>,
) => PageClient;

/** A `WebSocket` whose server is the test. */
class FakeSocket {
  static next: PromiseWithResolvers<FakeSocket> = Promise.withResolvers();
  sent: Record<string, unknown>[] = [];
  onopen: (() => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;

  constructor() {
    FakeSocket.next.resolve(this);
    FakeSocket.next = Promise.withResolvers();
  }

  send(text: string): void {
    this.sent.push(command.parse(JSON.parse(text)));
  }

  close(): void {}

  /** Says facts to the client, as one message. */
  say(...frames: unknown[]): void {
    this.onmessage?.({ data: JSON.stringify(frames.length === 1 ? frames[0] : frames) });
  }

  /** Greets with one room; with `from` it is a group whose events before that are not for them. */
  welcome(head: number, from?: number): void {
    this.onopen?.();
    const me = { id: "u1", username: "ada", name: "Ada" };
    const kind = from === undefined ? "direct" : "group";
    const room = { id: "r", kind, members: [me], createdAt: 0, head, last: null };
    const settings = { name: "G", memberCount: 1, role: "member", public: false };
    const group = { ...settings, history: "joined", from, joinedAt: 0, changed: 1 };
    const rooms = [{ ...room, read: 0, unread: 0, ...from !== undefined && { group } }];
    const rest = { version: 1, me, now: 0, joined: 0, more: false };
    this.say(facts.welcome.parse({ type: "welcome", rooms, ...rest }));
  }
}

function events(...seqs: number[]) {
  return seqs.map((seq) => ({
    type: "posted",
    seq,
    at: seq,
    by: "u2",
    id: "x",
    text: "",
    posts: seq,
  }));
}

/** The client, with the fake socket in the place of the browser's and no random waits. */
async function withClient(run: (connect: Connect) => Promise<void>): Promise<void> {
  const page = await readPage("docs/protocol.md");
  const [code] = codeBlocks(sections(page).get("A client")!, "js");
  const { connect } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const { WebSocket } = globalThis;
  const { random } = Math;
  Object.assign(globalThis, { WebSocket: FakeSocket });
  Math.random = () => 0;
  try {
    await run(connect);
  } finally {
    Object.assign(globalThis, { WebSocket });
    Math.random = random;
  }
}

/** Connects and answers the fake's side. */
async function start(connect: Connect, cursors: Record<string, number>) {
  const seqs: number[] = [];
  const opened = FakeSocket.next.promise;
  const client = connect("ws://chat.example", (_, { seq }) => seqs.push(seq), cursors);
  return { client, seqs, socket: await opened };
}

Deno.test({
  name: "the documented client resumes, closes gaps and drops what it has",
  ignore: !allowsAll,
  fn: () =>
    withClient(async (connect) => {
      const { client, seqs, socket } = await start(connect, { r: 2 });
      socket.welcome(4);
      assertEquals(socket.sent, [{ type: "hello", version: 1, cursors: { r: 2 } }]);
      socket.say({ type: "resumed", room: "r", events: events(3), head: 4, contiguous: false });
      socket.say({ type: "events", room: "r", events: events(5) });
      const ask = { type: "history", room: "r", after: 3, limit: 200 };
      assertEquals(socket.sent.slice(1), [{ ...ask, ref: 1 }]);
      const page = { type: "page", room: "r", head: 5, older: true, newer: false };
      socket.say({ ...page, ref: 1, events: events(4, 5) }, { type: "unheard of" });
      socket.say({ type: "events", room: "r", events: events(5, 6) });
      assertEquals(seqs, [3, 4, 5, 6]);
      assertEquals(client.cursors, { r: 6 });
      client.close();
    }),
});

Deno.test({
  name: "the documented client posts again under the same id until the ack, in order",
  ignore: !allowsAll,
  fn: () =>
    withClient(async (connect) => {
      const { client, socket } = await start(connect, {});
      const first = client.post("r", "first");
      const second = client.post("r", "second");
      socket.welcome(0);
      assertEquals(socket.sent.map(({ type }) => type), ["hello", "post"]);
      const again = FakeSocket.next.promise;
      socket.onclose?.({ code: 1006 });
      const other = await again;
      other.welcome(0);
      assertEquals(other.sent[1], socket.sent[1]);
      other.say({ type: "ack", room: "r", id: other.sent[1].id, seq: 1, at: 1 });
      assertEquals((await first).seq, 1);
      other.say({ type: "ack", room: "r", id: other.sent[2].id, seq: 2, at: 2 });
      assertEquals((await second).seq, 2);
      client.close();
    }),
});

Deno.test({
  name: "the documented client stays away after a final close code",
  ignore: !allowsAll,
  fn: () =>
    withClient(async (connect) => {
      const { socket } = await start(connect, {});
      socket.welcome(0);
      socket.onclose?.({ code: 4401 }); // a timer left over would fail the test
    }),
});

Deno.test({
  name:
    "the documented client asks for nothing that is before its joining, and forgets what it left",
  ignore: !allowsAll,
  fn: () =>
    withClient(async (connect) => {
      const { client, seqs, socket } = await start(connect, { r: 2 });
      socket.welcome(41, 40);
      socket.say({
        type: "resumed",
        room: "r",
        events: events(40, 41),
        head: 41,
        contiguous: true,
      });
      assertEquals([seqs, socket.sent.length], [[40, 41], 1]);
      socket.say({ type: "left", room: "r" });
      assertEquals(client.cursors, {});
      client.close();
    }),
});
