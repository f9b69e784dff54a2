/** Page cursors: the string parts of a key, as one URL-safe text that is checked when it returns. */

import { InvalidError } from "../chat/errors.ts";

/** Longest cursor; a longer one would be no KV key. */
const MAX_CURSOR_CHARS = 1_000;

/** Opaque to clients. */
export function encodeCursor(parts: Deno.KvKey): string {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** The parts of a cursor. Throws {@link InvalidError} unless it holds `length` strings. */
export function decodeCursor(cursor: string, length: number): string[] {
  try {
    if (cursor.length > MAX_CURSOR_CHARS) throw new RangeError("too long");
    const bytes = Uint8Array.fromBase64(cursor, { alphabet: "base64url" });
    const parts: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (isStrings(parts) && parts.length === length) return parts;
  } catch {
    // Anything unreadable is the same mistake.
  }
  throw new InvalidError("This page cursor is not valid.");
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((part) => typeof part === "string");
}
