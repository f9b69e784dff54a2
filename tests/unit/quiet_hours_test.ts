import { assert, assertEquals } from "@std/assert";
import { clockText, isQuiet, isZone, parseClock } from "../../lib/chat/quiet_hours.ts";

const at = (time: string) => Date.parse(`2030-01-15T${time}Z`);
const hours = (from: string, to: string, zone = "UTC") => ({
  from: parseClock(from)!,
  to: parseClock(to)!,
  zone,
});

Deno.test("it is quiet from the beginning, and not any more at the end", () => {
  const lunch = hours("12:00", "13:30");
  assertEquals(["11:59:59", "12:00:00", "13:29:59", "13:30:00"].map((t) => isQuiet(lunch, at(t))), [
    false,
    true,
    true,
    false,
  ]);
});

Deno.test("quiet hours may go over midnight", () => {
  const night = hours("22:00", "07:00");
  const times = [
    "21:59:00",
    "22:00:00",
    "23:59:59",
    "00:00:00",
    "06:59:59",
    "07:00:00",
    "12:00:00",
  ];
  assertEquals(times.map((time) => isQuiet(night, at(time))), [
    false,
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
});

Deno.test("hours that end when they begin are no time at all", () => {
  assert(!isQuiet(hours("08:00", "08:00"), at("08:00:00")));
});

Deno.test("the clock is that of the person's zone, half hours and other days included", () => {
  const night = (zone: string) => hours("22:00", "07:00", zone);
  assert(isQuiet(night("Asia/Tokyo"), at("13:00:00"))); // 22:00
  assert(!isQuiet(night("Asia/Tokyo"), at("12:59:00")));
  assert(isQuiet(night("Asia/Kolkata"), at("16:30:00"))); // 22:00
  assert(!isQuiet(night("Asia/Kolkata"), at("16:29:00")));
  assert(isQuiet(night("America/Los_Angeles"), at("06:00:00"))); // 22:00 of the day before
  assert(!isQuiet(night("America/Los_Angeles"), at("15:00:00"))); // 07:00
});

Deno.test("summer time moves with the zone", () => {
  const night = hours("22:00", "07:00", "Europe/Berlin");
  assert(isQuiet(night, Date.parse("2030-07-15T20:00:00Z")));
  assert(!isQuiet(night, Date.parse("2030-01-15T20:00:00Z")));
  assert(isQuiet(night, Date.parse("2030-01-15T21:00:00Z")));
});

Deno.test("a zone that is not known any more counts as UTC", () => {
  assert(isQuiet(hours("22:00", "07:00", "Mars/Olympus"), at("22:00:00")));
});

Deno.test("times of day are read and written", () => {
  assertEquals(["00:00", "07:05", "23:59"].map(parseClock), [0, 425, 1439]);
  for (const bad of ["", "7:05", "24:00", "12:60", "12:00:00", "noon"]) {
    assertEquals(parseClock(bad), null, bad);
  }
  assertEquals([0, 425, 1439].map(clockText), ["00:00", "07:05", "23:59"]);
});

Deno.test("isZone() knows zones from other words", () => {
  assert(isZone("Europe/Prague") && isZone("UTC"));
  assert(!isZone("") && !isZone("Nowhere/Land") && !isZone("<script>"));
});
