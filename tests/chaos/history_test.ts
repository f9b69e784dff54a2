import { assertEquals } from "@std/assert";
import type { RoomEvent } from "../../lib/chat/events.ts";
import {
  type History,
  isClean,
  judge,
  type Placed,
  stateOf,
  type States,
  tell,
  type Verdict,
} from "./history.ts";

const ROOM = "r";

function placed(seq: number, id = `m${seq}`): Placed {
  return { seq, by: "ada", id };
}

/** A run of four messages without fault, of which each test breaks something. */
function history(): History {
  const log = [1, 2, 3, 4].map((seq) => placed(seq));
  return {
    acked: log.map((event) => ({ room: ROOM, ...event })),
    views: ["ada", "bob"].map((client) => ({ client, room: ROOM, events: [...log] })),
    stored: new Map([[ROOM, [...log]]]),
    messages: {
      stored: new Map([[ROOM, states()]]),
      told: new Map([[ROOM, states()]]),
      shown: ["ada", "bob"].map((client) => ({ client, room: ROOM, states: states() })),
    },
  };
}

function states(): States {
  return new Map([[1, stateOf({ text: "one" })], [2, stateOf({ text: "", deleted: true })]]);
}

/** How many promises of each kind are broken, without the zeros. */
function counts(verdict: Verdict): Record<string, number> {
  const all = Object.entries(verdict).map(([kind, broken]) => [kind, broken.length]);
  return Object.fromEntries(all.filter(([, count]) => count > 0));
}

Deno.test("a history without fault is clean, also with acks that were repeated", () => {
  const good = history();
  good.acked.push(good.acked[1]);
  assertEquals(counts(judge(good)), {});
  assertEquals(isClean(judge(good)), true);
});

Deno.test("an acked message that is not stored is lost", () => {
  const bad = history();
  bad.stored.get(ROOM)!.pop();
  for (const { events } of bad.views) events.pop();
  assertEquals(counts(judge(bad)), { lost: 1 });
  assertEquals(isClean(judge(bad)), false);
});

Deno.test("an acked message that is stored at another place is lost, too", () => {
  const bad = history();
  bad.acked[2].seq = 4;
  assertEquals(counts(judge(bad)), { lost: 1 });
});

Deno.test("a message that is stored twice is doubled", () => {
  const bad = history();
  const again = placed(5, "m2");
  bad.stored.get(ROOM)!.push(again);
  for (const { events } of bad.views) events.push(again);
  assertEquals(counts(judge(bad)), { doubled: 3 });
});

Deno.test("a message that is acked at two places is doubled, and one of them is no place", () => {
  const bad = history();
  bad.acked.push({ room: ROOM, ...placed(3, "m2") });
  assertEquals(counts(judge(bad)), { doubled: 1, lost: 1 });
});

Deno.test("messages that one client saw in another order are disordered", () => {
  const bad = history();
  const { events } = bad.views[1];
  [events[1], events[2]] = [events[2], events[1]];
  assertEquals(counts(judge(bad)), { disordered: 1, gaps: 1, differing: 1 });
});

Deno.test("a number that a log leaves out is a gap", () => {
  const bad = history();
  bad.stored.set(ROOM, [placed(1), placed(2), placed(4)]);
  bad.acked.splice(2, 1);
  for (const view of bad.views) view.events = [placed(1), placed(2), placed(4)];
  assertEquals(counts(judge(bad)), { gaps: 3 });
});

Deno.test("a view with a hole or without the end differs from the log", () => {
  const hole = history();
  hole.views[0].events.splice(1, 1);
  assertEquals(counts(judge(hole)), { gaps: 1, differing: 1 });
  const short = history();
  short.views[0].events.pop();
  assertEquals(counts(judge(short)), { differing: 1 });
});

Deno.test("a view with another message at a place differs from the log", () => {
  const bad = history();
  bad.views[0].events[1] = placed(2, "other");
  assertEquals(counts(judge(bad)), { differing: 1 });
});

Deno.test("a message that is not as its events left it is stale, in the database and on a screen", () => {
  const bad = history();
  bad.messages.shown[1].states.set(2, stateOf({ text: "still here" }));
  assertEquals(counts(judge(bad)), { stale: 1 });
  bad.messages.stored.get(ROOM)!.delete(1);
  assertEquals(counts(judge(bad)), { stale: 2 });
});

Deno.test("a log tells what became of its messages", () => {
  const base = { at: 0, by: "ada", posts: 2 };
  const log: RoomEvent[] = [
    { ...base, type: "posted", seq: 1, id: "a", text: "now" },
    { ...base, type: "posted", seq: 2, id: "b", text: "now" },
    { ...base, type: "edited", seq: 3, id: "c", message: 1, text: "mended" },
    { ...base, type: "reacted", seq: 4, id: "d", message: 1, emoji: "👍", on: true },
    { ...base, type: "reacted", seq: 5, id: "e", by: "bob", message: 1, emoji: "👍", on: true },
    { ...base, type: "reacted", seq: 6, id: "f", message: 1, emoji: "👍", on: false },
    { ...base, type: "deleted", seq: 7, id: "g", message: 2 },
  ];
  const reactions = [{ emoji: "👍", by: ["bob"] }];
  const expected = [stateOf({ text: "mended", reactions }), stateOf({ text: "", deleted: true })];
  assertEquals([...tell(log, ({ id }) => `text ${id}`).values()], expected);
});
