/** Lengths of time, as shown and as read out. */

/** `0:07`, `12:30`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** `7 seconds`, `2 minutes 1 second`. */
export function clockWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (minutes === 0) return count(rest, "second");
  return rest === 0
    ? count(minutes, "minute")
    : `${count(minutes, "minute")} ${count(rest, "second")}`;
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}
