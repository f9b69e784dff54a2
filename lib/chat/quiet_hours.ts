/**
 * Hours in which a person wants no notifications, by the clock on their wall: from a minute of the
 * day to another, over midnight if the end is not after the beginning, in a zone with its summer time.
 */

/** From and to in minutes after midnight, `to` left out; equal ones are no time at all. */
export interface QuietHours {
  from: number;
  to: number;
  /** IANA name, such as `Europe/Berlin`. */
  zone: string;
}

const DAY_MINUTES = 24 * 60;

/** Whether it is quiet at a moment, in epoch milliseconds. */
export function isQuiet({ from, to, zone }: QuietHours, at: number): boolean {
  const now = minuteOfDay(at, zone);
  if (from === to) return false;
  return from < to ? from <= now && now < to : from <= now || now < to;
}

/** `22:30` as minutes after midnight; `null` for what is no time of day. */
export function parseClock(text: string): number | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match && Number(match[1]) * 60 + Number(match[2]);
}

/** Minutes after midnight as `22:30`. */
export function clockText(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours, rest].map((part) => String(part).padStart(2, "0")).join(":");
}

/** Whether a name is one of a time zone that is known here. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone !== "";
  } catch {
    return false;
  }
}

/** What the clocks of a zone show, in minutes after midnight; those of UTC for a zone that is gone. */
function minuteOfDay(at: number, zone: string): number {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: isZone(zone) ? zone : "UTC",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return (parts.get("hour")! * 60 + parts.get("minute")!) % DAY_MINUTES;
}
