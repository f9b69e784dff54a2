/**
 * The ids that whoever posts or changes a message makes for it, browser or server. Any other text of
 * the form works too; but in the order of time they cost the database least, see
 * `lib/store/dedupe.ts`.
 */

/** The time and 64 random bits; `crypto.randomUUID` would need a secure context. */
export function newMessageId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  const random = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${Date.now().toString(36)}-${random}`;
}
