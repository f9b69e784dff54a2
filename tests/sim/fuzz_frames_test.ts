/**
 * A hundred thousand messages of any kind into sessions: valid commands, commands with something
 * wrong, any JSON, any text, bytes. Whatever comes, the process lives, every frame that is no
 * command gets its error or the socket its close, and a closed socket leaves nothing behind.
 */

import v8 from "node:v8";
import vm from "node:vm";
import { assert, assertEquals, assertGreaterOrEqual, assertLess } from "@std/assert";
import fc from "fast-check";
import { CloseCode } from "../../lib/chat/close_codes.ts";
import { MAX_FRAMES, MAX_MESSAGE_BYTES } from "../../lib/chat/limits.ts";
import { command } from "../../lib/chat/commands.ts";
import { toPerson } from "../../lib/store/accounts.ts";
import { FakeSocket } from "../helpers/fake_socket.ts";
import { messagesFor } from "../helpers/fuzz_messages.ts";
import { HELLO, setUp } from "../helpers/conversation.ts";
import { quietly } from "../helpers/waiting.ts";

/** Messages of one run, and runs. */
const MESSAGES = 100;
const RUNS = 1_000;
/** So many a second that no limit is met: limits have tests of their own. */
const NO_LIMIT = 1_000_000;
const MAX_GROWTH_BYTES = 5_000_000;

/** What is in use after a collection of garbage. */
function heapBytes(): number {
  v8.setFlagsFromString("--expose-gc");
  vm.runInNewContext("gc")();
  return Deno.memoryUsage().heapUsed;
}

/** The frames of a message, or why the socket is closed for it. */
function read(message: unknown): unknown[] | "too big" | "no message" {
  if (typeof message !== "string") return "no message";
  if (new TextEncoder().encode(message).length > MAX_MESSAGE_BYTES) return "too big";
  try {
    const value: unknown = JSON.parse(message);
    if (!Array.isArray(value)) return [value];
    return value.length > MAX_FRAMES ? "no message" : value;
  } catch {
    return "no message";
  }
}

/** What must come back for a frame, at the least. */
function judge(frame: unknown): "error" | "answer" | "nothing" | "close" {
  const { success, data } = command.safeParse(frame);
  if (!success) return "error";
  if (data.type === "hello") return "close";
  return ["read", "watch", "typing"].includes(data.type) ? "nothing" : "answer";
}

type World = Awaited<ReturnType<typeof setUp>>;

Deno.test(`${RUNS * MESSAGES} messages of any kind crash nothing and leave nothing`, async () => {
  await using world = await setUp({ postsPerSecond: NO_LIMIT });
  const { ada, ben, eve, room, instance: { live: { hub } } } = world;
  const people = [ada.id, ben.id, eve.id];
  const messages = messagesFor({ room: room.id, people });
  let before = 0;
  let runs = 0;
  await quietly(async (logged) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(messages, { minLength: MESSAGES, maxLength: MESSAGES }),
        async (all) => {
          for (let left = all; left.length > 0;) left = left.slice(await converse(world, left));
          assertEquals([hub.peers.size, world.instance.sockets.size], [0, 0]);
          assertEquals(logged, []);
          if (++runs === RUNS / 4) before = heapBytes();
        },
      ),
      { numRuns: RUNS },
    );
  });
  for (const id of people) assertEquals([hub.ofUser(id).size, hub.watching(id).size], [0, 0]);
  assertEquals(hub.inRoom(room.id).size, 0);
  assertLess(heapBytes() - before, MAX_GROWTH_BYTES, "memory grows");
});

/** Says the messages over one socket until it is closed; answers how many were said. */
async function converse({ instance, ada }: World, messages: unknown[]): Promise<number> {
  const socket = new FakeSocket(); // not by `connect()`, which keeps every socket
  instance.sockets.open(socket, { person: toPerson(ada), session: "session" });
  socket.say(HELLO);
  await socket.take("welcome");
  let [errors, answers] = [0, 0];
  for (const [n, message] of messages.entries()) {
    socket.raw(message);
    const frames = read(message);
    const verdicts = typeof frames === "string" ? [] : frames.map(judge);
    if (typeof frames === "string" || verdicts.includes("close")) {
      const code = frames === "too big" ? CloseCode.TOO_BIG : CloseCode.PROTOCOL;
      assertEquals((await socket.closed).code, code);
      return n + 1;
    }
    errors += verdicts.filter((verdict) => verdict === "error").length;
    answers += verdicts.filter((verdict) => verdict === "answer").length;
  }
  await checkAnswers(instance, socket, { errors, answers });
  socket.hangUp();
  return messages.length;
}

async function checkAnswers(
  { live }: World["instance"],
  socket: FakeSocket,
  { errors, answers }: { errors: number; answers: number },
): Promise<void> {
  assertEquals(socket.readyState, 1, "closed without a reason");
  socket.say({ type: "open", ref: 987_654, with: "nobody" });
  await socket.take("error", ({ ref }) => ref === 987_654); // all before it was obeyed
  await live.appender.flushed();
  await Promise.resolve(); // what is ready goes out at the end of the turn
  const refused = socket.all("error").filter(({ code }) => /malformed|invalid/.test(code));
  assertGreaterOrEqual(refused.length, errors, "bad frames without an error");
  const kinds = [
    ...["error", "ack", "page", "versions", "people", "opened", "pong"] as const,
    ...["who", "members", "rooms", "link", "done"] as const,
  ];
  const all = kinds.reduce((sum, kind) => sum + socket.all(kind).length, 0);
  assertGreaterOrEqual(all, errors + answers + 1, "commands without an answer");
  assert(socket.all("error").every(({ code }) => code !== "internal"), "a command failed inside");
}
