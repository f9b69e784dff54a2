/** Which name is being typed: what the completion of mentions looks for. */

import { JOINED, UNSPACED } from "./mentions.ts";

/** An `@` and what was typed after it so far. */
export interface TypedMention {
  /** Where the `@` is. */
  at: number;
  /** Between it and the caret; may be empty. */
  query: string;
}

const TYPED = /@([\p{L}\p{M}\p{N}._-]{0,32})$/u;

/** The mention that ends at the caret; `null` where none is being typed. */
export function typedMention(text: string, caret: number): TypedMention | null {
  const before = text.slice(Math.max(0, caret - 64), caret);
  const match = TYPED.exec(before);
  if (!match) return null;
  const leading = before.slice(0, match.index);
  if (JOINED.test(leading) && !UNSPACED.test(leading.slice(-1))) return null;
  return { at: caret - match[0].length, query: match[1] };
}
