import { assertEquals, assertMatch } from "@std/assert";
import { dayLabel, lastSeen, listDate } from "../../../components/dates.ts";
import { isJumbo } from "../../../lib/chat/emoji.ts";
import { displayName, initials, toneOf } from "../../../components/names.ts";

const place = { zone: "Europe/Berlin", locale: "en-GB" };
const now = Date.UTC(2026, 10, 22, 14, 20);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

Deno.test("listDate() is as short as the distance allows", () => {
  assertEquals(listDate(now - MINUTE, now, place), "15:19");
  assertEquals(listDate(now - DAY, now, place), "Yesterday");
  assertEquals(listDate(now - 3 * DAY, now, place), "Thu");
  assertEquals(listDate(now - 30 * DAY, now, place), "23 Oct");
  assertEquals(listDate(now - 400 * DAY, now, place), "18 Oct 2025");
});

Deno.test("dayLabel() counts days in the viewer's zone, not in periods of 24 hours", () => {
  const halfPastMidnight = Date.UTC(2026, 10, 22, 23, 30);
  assertEquals(dayLabel(now, halfPastMidnight, place), "Yesterday");
  assertEquals(dayLabel(now, halfPastMidnight, { ...place, zone: "UTC" }), "Today");
  assertMatch(dayLabel(now - 5 * DAY, now, place), /^Tuesday,? 17 November$/);
});

Deno.test("lastSeen() says how long ago, and nothing it does not know", () => {
  assertEquals(lastSeen(now - 5 * MINUTE, now, place), "last seen 5 min ago");
  assertEquals(lastSeen(now + MINUTE, now, place), "last seen just now");
  assertEquals(lastSeen(now - DAY, now, place), "last seen yesterday at 15:20");
  assertEquals(lastSeen(null, now, place), "offline");
});

Deno.test("isJumbo() is true for one to three emoji and nothing else", () => {
  for (const text of ["👍", "🎉🎉", "👩‍👩‍👧‍👦", "🇩🇪 🇫🇷", "👍🏽", "❤️", "1️⃣"]) {
    assertEquals(isJumbo(text), true, text);
  }
  for (const text of ["", "1", "a👍", "👍👍👍👍", "**", "™"]) {
    assertEquals(isJumbo(text), false, text);
  }
});

Deno.test("initials() fit a circle in any script", () => {
  assertEquals(initials("Ada Okafor"), "AO");
  assertEquals(initials("émile"), "É");
  assertEquals(initials("田中 さくら"), "田");
  assertEquals(initials("محمد الأحمد"), "م");
  assertEquals(initials("🦊 Fox"), "F");
  assertEquals(initials("🦊"), "🦊");
});

Deno.test("displayName() falls back to the username when there is nothing to see", () => {
  assertEquals(displayName({ id: "1", username: "ada", name: "\u200b" }), "ada");
});

Deno.test("toneOf() is one of the eight avatar classes, the same for the same id", () => {
  assertMatch(toneOf("u-1"), /^tone-[0-7]$/);
  assertEquals(toneOf("u-1"), toneOf("u-1"));
});
