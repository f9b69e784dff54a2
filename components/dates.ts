/**
 * Times as people read them. Clock and calendar follow the given zone and locale, so the server
 * renders what the browser will; the words around them are English like the rest of the interface.
 */

/** Where the viewer is: an IANA time zone and a BCP 47 locale. */
export interface Place {
  zone: string;
  locale: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const formats = new Map<Intl.DateTimeFormatOptions, Map<string, Intl.DateTimeFormat>>();

const CLOCK = { timeStyle: "short" } as const;
const WEEKDAY = { weekday: "short" } as const;
const SHORT = { day: "numeric", month: "short" } as const;
const SHORT_YEAR = { ...SHORT, year: "numeric" } as const;
const LONG = { weekday: "long", day: "numeric", month: "long" } as const;
const LONG_YEAR = { ...LONG, year: "numeric" } as const;
const FULL = { dateStyle: "full", timeStyle: "short" } as const;
const PARTS = { year: "numeric", month: "2-digit", day: "2-digit" } as const;

/** `14:05`. */
export function clockOf(at: number, place: Place): string {
  return format(at, place, CLOCK);
}

/** `Sunday, 22 November 2026 at 14:05`, for tooltips. */
export function fullDate(at: number, place: Place): string {
  return format(at, place, FULL);
}

/** The calendar day, `2026-11-22`: equal for two times of one day in that zone. */
export function dayKey(at: number, zone: string): string {
  return format(at, { zone, locale: "en-CA" }, PARTS);
}

/** `Today`, `Yesterday`, `Monday, 16 November`: above the messages of a day. */
export function dayLabel(at: number, now: number, place: Place): string {
  const days = daysBetween(at, now, place.zone);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return format(at, place, sameYear(at, now, place) ? LONG : LONG_YEAR);
}

/** As short as a list allows: `14:05`, `Yesterday`, `Mon`, `3 Nov`. */
export function listDate(at: number, now: number, place: Place): string {
  const days = daysBetween(at, now, place.zone);
  if (days <= 0) return clockOf(at, place);
  if (days === 1) return "Yesterday";
  if (days < 7) return format(at, place, WEEKDAY);
  return format(at, place, sameYear(at, now, place) ? SHORT : SHORT_YEAR);
}

/** `last seen 5 min ago`; without a time, `offline`. */
export function lastSeen(at: number | null, now: number, place: Place): string {
  if (at === null) return "offline";
  const ago = now - at;
  if (ago < MINUTE) return "last seen just now";
  if (ago < HOUR) return `last seen ${Math.floor(ago / MINUTE)} min ago`;
  const days = daysBetween(at, now, place.zone);
  if (days <= 0) return `last seen today at ${clockOf(at, place)}`;
  if (days === 1) return `last seen yesterday at ${clockOf(at, place)}`;
  return `last seen ${format(at, place, sameYear(at, now, place) ? SHORT : SHORT_YEAR)}`;
}

function daysBetween(at: number, now: number, zone: string): number {
  return Math.round((Date.parse(dayKey(now, zone)) - Date.parse(dayKey(at, zone))) / DAY);
}

function sameYear(at: number, now: number, place: Place): boolean {
  return dayKey(at, place.zone).slice(0, 4) === dayKey(now, place.zone).slice(0, 4);
}

/** Formatters are slow to make and quick to use, so each is made once for each `options` above. */
function format(at: number, place: Place, options: Intl.DateTimeFormatOptions): string {
  const byPlace = formats.get(options) ?? new Map<string, Intl.DateTimeFormat>();
  formats.set(options, byPlace);
  const key = `${place.locale} ${place.zone}`;
  let made = byPlace.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(place.locale, { ...options, timeZone: place.zone });
    byPlace.set(key, made);
  }
  return made.format(at);
}
