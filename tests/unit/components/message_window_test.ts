import { assert, assertEquals } from "@std/assert";
import {
  aroundRange,
  MAX_SHOWN,
  newerRange,
  newestRange,
  olderRange,
  type Range,
  shown,
  STEP,
} from "../../../components/message_window.ts";
import type { Entry } from "../../../components/models.ts";

function entries(count: number, pending = 0): Entry[] {
  return Array.from({ length: count + pending }, (_, at) => ({
    key: `a:${at}`,
    by: "a",
    id: `${at}`,
    text: "text",
    at: 0,
    state: at < count ? "stored" as const : "pending" as const,
    seq: at < count ? at + 1 : null,
  }));
}

Deno.test("newestRange() shows the end of the log and follows it", () => {
  assertEquals(newestRange(entries(5_000)), { from: 5_000 - STEP + 1, to: null });
  assertEquals(shown(entries(3, 2), newestRange(entries(3, 2))).length, 5);
  assertEquals(shown(entries(0, 1), newestRange(entries(0, 1))).length, 1);
});

Deno.test("olderRange() and newerRange() walk through 5,000 messages, at most 300 at a time", () => {
  const all = entries(5_000, 1);
  let range: Range = newestRange(all);
  for (let steps = 0; range.from > 1; steps++) {
    const from = range.from;
    range = olderRange(all, range);
    assert(range.from < from && steps < 100);
    assert(shown(all, range).length <= MAX_SHOWN + 1);
  }
  while (range.to !== null) {
    const to: number = range.to;
    range = newerRange(all, range);
    assert(range.to === null || range.to > to);
    assert(shown(all, range).length <= MAX_SHOWN + 1);
  }
  assertEquals(shown(all, range).at(-1)?.state, "pending");
});

Deno.test("olderRange() hides the outbox once the newest messages are let go", () => {
  const all = entries(1_000, 1);
  const range = [1, 2, 3, 4].reduce((range) => olderRange(all, range), newestRange(all));
  assertEquals(shown(all, range).every(({ state }) => state === "stored"), true);
});

Deno.test("aroundRange() holds the entry after the read pointer with some before it", () => {
  const range = aroundRange(entries(5_000), 4_000);
  assert(range.from < 4_000 && range.to! > 4_000);
  assertEquals(aroundRange(entries(100), 90).to, null);
});
