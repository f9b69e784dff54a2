import { assertEquals } from "@std/assert";
import { linesAmong } from "../../../components/message_window.ts";
import type { Entry } from "../../../components/models.ts";
import { timeline } from "../../../components/timeline.ts";
import type { LineEvent, MembersEvent } from "../../../lib/chat/events.ts";

const NOON = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;

function entry(seq: number, by: string, at = NOON): Entry {
  return { key: `${by}:${seq}`, by, id: `${seq}`, text: "text", at, state: "stored", seq };
}

function draw(entries: Entry[], dividerAfter: number | null = null, zone = "UTC"): string[] {
  return timeline(entries, { me: "me", zone, dividerAfter }).map((item) => {
    if (item.kind !== "message") return item.key;
    return `${item.entry.seq}${item.first ? " first" : ""}${item.last ? " last" : ""}`;
  });
}

Deno.test("timeline() joins messages of one sender into a run", () => {
  const entries = [entry(1, "ada"), entry(2, "ada"), entry(3, "ada"), entry(4, "me")];
  assertEquals(draw(entries), ["day 2026-11-22", "1 first", "2", "3 last", "4 first last"]);
});

Deno.test("timeline() begins a new run after five quiet minutes", () => {
  const entries = [entry(1, "ada"), entry(2, "ada", NOON + 5 * MINUTE)];
  assertEquals(draw(entries), ["day 2026-11-22", "1 first last", "2 first last"]);
});

Deno.test("timeline() separates days as the viewer's zone has them", () => {
  const entries = [
    entry(1, "ada", Date.UTC(2026, 10, 22, 22, 59)),
    entry(2, "ada", Date.UTC(2026, 10, 22, 23, 1)),
  ];
  assertEquals(draw(entries), ["day 2026-11-22", "1 first", "2 last"]);
  assertEquals(draw(entries, null, "Europe/Berlin"), [
    "day 2026-11-22",
    "1 first last",
    "day 2026-11-23",
    "2 first last",
  ]);
});

Deno.test("timeline() puts the unread line above the first unread message of another", () => {
  const entries = [entry(1, "ada"), entry(2, "me"), entry(3, "ada"), entry(4, "ada")];
  assertEquals(draw(entries, 1).indexOf("unread"), 3);
  assertEquals(draw(entries, null).includes("unread"), false);
});

Deno.test("timeline() shows no unread line when what precedes it is not loaded", () => {
  assertEquals(draw([entry(8, "ada"), entry(9, "ada")], 3).includes("unread"), false);
  assertEquals(draw([entry(4, "ada"), entry(5, "ada")], 3).includes("unread"), true);
});

function membersLine(
  seq: number,
  what: MembersEvent["what"],
  people: string[],
  { by = people[0], at = NOON } = {},
): MembersEvent {
  return { type: "members", seq, at, by, id: `m${seq}`, posts: 0, what, people };
}

function drawLines(entries: Entry[], lines: LineEvent[]): string[] {
  return timeline(entries, { me: "me", zone: "UTC", dividerAfter: null, lines }).map((item) => {
    if (item.kind === "message") return `${item.entry.seq}${item.first ? " first" : ""}`;
    if (item.kind !== "line") return item.key;
    return `${item.key}: ${item.event.type === "members" ? item.event.people : item.event.type}`;
  });
}

Deno.test("timeline() puts what happened to a group between its messages, and ends the run", () => {
  const entries = [entry(2, "ada"), entry(4, "ada"), { ...entry(9, "me"), seq: null }];
  const lines = [
    membersLine(1, "created", ["ada"]),
    membersLine(3, "added", ["bob"], { by: "ada" }),
    membersLine(5, "left", ["bob"]),
  ];
  assertEquals(drawLines(entries, lines), [
    "day 2026-11-22",
    "line 1: ada",
    "2 first",
    "line 3: bob",
    "4 first",
    "line 5: bob",
    "null first",
  ]);
});

Deno.test("timeline() says in one line who came or went one after the other", () => {
  const lines = [
    membersLine(1, "joined", ["ada"]),
    membersLine(2, "joined", ["bob"]),
    membersLine(3, "left", ["bob"]),
    membersLine(4, "added", ["cy"], { by: "ada" }),
    membersLine(5, "added", ["dee"], { by: "ada" }),
    membersLine(6, "added", ["eve"], { by: "cy" }),
    membersLine(7, "added", ["fay"], { by: "cy", at: NOON + 24 * 60 * MINUTE }),
  ];
  assertEquals(drawLines([], lines), [
    "day 2026-11-22",
    "line 1: ada,bob",
    "line 3: bob",
    "line 4: cy,dee",
    "line 6: eve",
    "day 2026-11-23",
    "line 7: fay",
  ]);
});

Deno.test("linesAmong() gives the lines between the drawn entries, and those at held ends", () => {
  const held = [entry(2, "a"), entry(4, "a"), entry(6, "a"), entry(8, "a")];
  const lines = [1, 3, 5, 7, 9].map((seq) => membersLine(seq, "joined", ["b"]));
  const among = (drawn: Entry[]) => linesAmong(lines, { drawn, held }).map(({ seq }) => seq);
  assertEquals(among(held), [1, 3, 5, 7, 9]);
  assertEquals(among(held.slice(1, 3)), [5]);
  assertEquals(among(held.slice(0, 2)), [1, 3]);
  assertEquals(among(held.slice(2)), [7, 9]);
});

Deno.test("timeline() tells pins by one person one after the other in one line", () => {
  const pin = (seq: number, by: string): LineEvent => ({
    type: "pinned",
    seq,
    at: NOON,
    by,
    id: `p${seq}`,
    posts: 0,
    message: 1,
    on: true,
  });
  const lines = [pin(2, "ada"), pin(3, "ada"), pin(4, "bob"), pin(6, "bob")];
  assertEquals(drawLines([entry(1, "ada"), entry(5, "ada")], lines), [
    "day 2026-11-22",
    "1 first",
    "line 2: pinned",
    "line 4: pinned",
    "5 first",
    "line 6: pinned",
  ]);
});
