/** Messages of any kind for a socket: commands, commands with something wrong, JSON, text, bytes. */

import fc from "fast-check";
import { MAX_FRAMES, MAX_MESSAGE_BYTES } from "../../lib/chat/limits.ts";
import { PROTOCOL_VERSION } from "../../lib/chat/commands.ts";

/** Ids that mean something to the server. */
export interface Names {
  room: string;
  people: string[];
}

const odd = fc.constantFrom<unknown>(
  ...[null, undefined, true, "", " ", "__proto__", "constructor", -1, 0.5, 1e308, 2 ** 53],
  ...[[], {}, [[]], "\u0000", "\ud800", "x".repeat(300), Number.NaN],
);

/** Commands as a client that knows the protocol makes them. */
function commandsFor({ room, people: known }: Names): fc.Arbitrary<Record<string, unknown>> {
  const rooms = fc.constantFrom(room, room, "unknown", "room-of-others");
  const people = fc.constantFrom(...known, "nobody");
  const number = fc.nat({ max: 300 });
  const text = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.constant("**hello** 👋🏽"));
  const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
  const emoji = fc.constantFrom("👍", "❤️", "👨‍👩‍👧", "x", "👍👍");
  const typed = <T extends object>(type: string, shape: T) => ({
    type: fc.constant(type),
    ...shape,
  });
  return fc.oneof(
    fc.record(typed("post", { room: rooms, id, text })),
    fc.record(typed("edit", { room: rooms, id, message: number, text })),
    fc.record(typed("delete", { room: rooms, id, message: number })),
    fc.record(typed("react", { room: rooms, id, message: number, emoji, on: fc.boolean() })),
    fc.record(typed("versions", { ref: number, room: rooms, message: number })),
    fc.record(typed("history", { ref: number, room: rooms, before: number, limit: number }), {
      requiredKeys: ["type", "ref", "room"],
    }),
    fc.record(typed("history", { ref: number, room: rooms, after: number })),
    fc.record(typed("read", { room: rooms, seq: number })),
    fc.record(typed("people", { ref: number, q: fc.string(), after: fc.string(), limit: number }), {
      requiredKeys: ["type", "ref"],
    }),
    fc.record(typed("watch", { people: fc.array(people, { maxLength: 5 }) })),
    fc.record(typed("open", { ref: number, with: people })),
    groupCommandsFor({ rooms, people, number, id }),
    fc.record(typed("typing", { room: rooms })),
    fc.record(typed("ping", {})),
  );
}

interface Parts {
  rooms: fc.Arbitrary<string>;
  people: fc.Arbitrary<string>;
  number: fc.Arbitrary<number>;
  id: fc.Arbitrary<string>;
}

/** Commands about groups, most of them about rooms that are none. */
function groupCommandsFor(
  { rooms, people, number, id }: Parts,
): fc.Arbitrary<Record<string, unknown>> {
  const change = (type: string, shape: object) =>
    fc.record({ type: fc.constant(type), ref: number, room: rooms, ...shape });
  const create = { type: fc.constant("create"), ref: number, id };
  const settings = { name: fc.string(), public: fc.boolean(), history: fc.constant("joined") };
  const some = fc.array(people, { maxLength: 3 });
  return fc.oneof(
    fc.record({ ...create, ...settings, people: some }, {
      requiredKeys: ["type", "ref", "id", "name", "people"],
    }),
    change("configure", settings),
    change("add", { people: some }),
    change("remove", { person: people }),
    change("role", { person: people, role: fc.constantFrom("owner", "admin", "none") }),
    change("leave", {}),
    change("join", {}),
    change("link", {}),
    change("members", { q: fc.string(), after: fc.string() }),
    fc.record({ type: fc.constant("join"), ref: number, link: fc.string() }),
    fc.record({ type: fc.constant("browse"), ref: number, q: fc.string(), after: fc.string() }),
    fc.record({ type: fc.constant("who"), ref: number, people: some }),
  );
}

/** A command with a field changed, added or left out. */
function brokenFrom(commands: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const change = fc.tuple(
    commands,
    fc.nat(),
    fc.constantFrom("change", "drop", "add"),
    fc.oneof(odd, fc.jsonValue({ maxDepth: 2 })),
  );
  return change.map(([frame, n, how, value]) => {
    const names = Object.keys(frame);
    const name = how === "add" ? "extra" : names[n % names.length];
    const { [name]: _, ...rest } = frame;
    return how === "drop" ? rest : { ...rest, [name]: value };
  });
}

/** What arrives on a socket. */
export function messagesFor(names: Names): fc.Arbitrary<unknown> {
  const commands = commandsFor(names);
  const frame = fc.oneof(
    { weight: 4, arbitrary: commands },
    { weight: 4, arbitrary: brokenFrom(commands) },
    { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
    { weight: 1, arbitrary: odd },
  );
  const json = frame.map((value) => JSON.stringify(value) ?? "null");
  return fc.oneof(
    { weight: 80, arbitrary: json },
    { weight: 15, arbitrary: fc.array(json, { maxLength: 8 }).map((list) => `[${list}]`) },
    { weight: 1, arbitrary: fc.tuple(json, fc.nat({ max: 40 })).map(([s, n]) => s.slice(n)) },
    { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(...oddMessages()) },
  );
}

function oddMessages(): unknown[] {
  const hello = JSON.stringify({ type: "hello", version: PROTOCOL_VERSION });
  const many = (count: number) => `[${Array(count).fill('{"type":"ping"}')}]`;
  return [
    hello,
    "[".repeat(5_000),
    `${"[".repeat(5_000)}${"]".repeat(5_000)}`,
    many(MAX_FRAMES),
    many(MAX_FRAMES + 1),
    `"${"x".repeat(MAX_MESSAGE_BYTES)}"`,
    `"${"界".repeat(MAX_MESSAGE_BYTES / 3)}"`,
    '{"type":"ping","__proto__":{"type":"post"}}',
    new Uint8Array([123, 125]),
    undefined,
  ];
}
