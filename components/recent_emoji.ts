/** The emoji that this browser used last; a browser that keeps nothing has none. */

const KEY = "parley-emoji";
const MAX_RECENT = 16;

/** The last used first. */
export function readRecent(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

export function keepRecent(emoji: string): void {
  try {
    const kept = [emoji, ...readRecent().filter((one) => one !== emoji)].slice(0, MAX_RECENT);
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Storage is blocked or full: the list of recents is a convenience.
  }
}
