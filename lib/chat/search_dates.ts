/** Days, months and years as people type them, as the moments where they begin and end in a zone. */

/** From `start` on, before `end`; epoch ms. */
export interface DayRange {
  start: number;
  end: number;
}

const HOUR = 3_600_000;
const DATE = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?$/;

/** `2026`, `2026-11`, `2026-11-22`, `today` or `yesterday`; `null` for anything else. */
export function readDays(
  text: string,
  { zone, now }: { zone: string; now: number },
): DayRange | null {
  const word = text.toLowerCase();
  if (word === "today" || word === "yesterday") {
    const [year, month, day] = localDay(now, zone).split("-").map(Number);
    return daysFrom([year, month, word === "today" ? day : day - 1], zone);
  }
  const match = DATE.exec(text);
  if (!match) return null;
  const [year, month, day] = match.slice(1).map((part) => part === undefined ? null : Number(part));
  return isDate(year!, month, day) ? daysFrom([year!, month, day], zone) : null;
}

function isDate(year: number, month: number | null, day: number | null): boolean {
  if (year < 1970) return false;
  if (month === null) return true;
  const date = new Date(Date.UTC(year, month - 1, day ?? 1));
  return date.getUTCMonth() === month - 1 && month >= 1 &&
    (day === null || date.getUTCDate() === day);
}

function daysFrom([year, month, day]: (number | null)[], zone: string): DayRange {
  const next = day !== null
    ? Date.UTC(year!, month! - 1, day + 1)
    : month !== null
    ? Date.UTC(year!, month, 1)
    : Date.UTC(year! + 1, 0, 1);
  return {
    start: startOfDay(Date.UTC(year!, (month ?? 1) - 1, day ?? 1), zone),
    end: startOfDay(next, zone),
  };
}

/** The first moment at which the zone's calendar shows the day that begins at `utc` in UTC. */
function startOfDay(utc: number, zone: string): number {
  const wanted = new Date(utc).toISOString().slice(0, 10);
  // Zones are at most 14 hours from UTC, to either side; a clock may skip or repeat an hour.
  let [low, high] = [utc - 15 * HOUR, utc + 15 * HOUR];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (localDay(middle, zone) >= wanted) high = middle;
    else low = middle;
  }
  return high;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-22` */
function localDay(at: number, zone: string): string {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
    formats.set(zone, format);
  }
  return format.format(at);
}
