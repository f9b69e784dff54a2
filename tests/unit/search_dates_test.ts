import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { readDays } from "../../lib/chat/search_dates.ts";

const now = Date.UTC(2026, 10, 22, 23, 30);

function dayIn(zone: string, at: number): string {
  const options = { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" } as const;
  return new Intl.DateTimeFormat("en-CA", options).format(at);
}

Deno.test("days begin at midnight of the zone, also when the clock changes", () => {
  const start = (text: string, zone: string) =>
    new Date(readDays(text, { zone, now })!.start).toISOString();
  assertEquals(start("2026-11-22", "Europe/Berlin"), "2026-11-21T23:00:00.000Z");
  assertEquals(start("2026-07-01", "Europe/Berlin"), "2026-06-30T22:00:00.000Z");
  assertEquals(start("2026-11-22", "Pacific/Kiritimati"), "2026-11-21T10:00:00.000Z");
  assertEquals(start("2026-11-22", "America/St_Johns"), "2026-11-22T03:30:00.000Z");
  assertEquals(start("today", "Asia/Tokyo"), "2026-11-22T15:00:00.000Z");
  assertEquals(start("yesterday", "Asia/Tokyo"), "2026-11-21T15:00:00.000Z");
  const { start: from, end } = readDays("2026-10-25", { zone: "Europe/Berlin", now })!;
  assertEquals((end - from) / 3_600_000, 25);
});

Deno.test("a day that has no midnight begins with its first moment", () => {
  // Cairo's clocks went from 24 April 2026, 00:00, to 01:00.
  const { start } = readDays("2026-04-24", { zone: "Africa/Cairo", now })!;
  assertEquals(dayIn("Africa/Cairo", start), "2026-04-24");
  assertEquals(dayIn("Africa/Cairo", start - 1), "2026-04-23");
});

Deno.test("any day in any zone begins where the day before ends", () => {
  const zones = ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Africa/Cairo", "America/Los_Angeles"];
  const date = fc.date({
    min: new Date("1971-01-02"),
    max: new Date("2090-01-01"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(fc.constantFrom(...zones), date, (zone, date) => {
      const text = date.toISOString().slice(0, 10);
      const { start, end } = readDays(text, { zone, now })!;
      assertEquals(dayIn(zone, start), text);
      assertEquals(dayIn(zone, end - 1), text);
      assert(dayIn(zone, start - 1) < text && dayIn(zone, end) > text);
    }),
    { numRuns: 300 },
  );
});

Deno.test("what is no date is none", () => {
  for (
    const text of ["", "soon", "2026-13", "2026-02-30", "26-01-01", "1900", "2026-1-1-1", "99999"]
  ) {
    assertEquals(readDays(text, { zone: "UTC", now }), null, text);
  }
  assert(readDays("2026/1/5", { zone: "UTC", now }));
});
