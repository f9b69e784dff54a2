import { assertEquals } from "@std/assert";
import type { Entry } from "../../../components/models.ts";
import { timeline } from "../../../components/timeline.ts";

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
