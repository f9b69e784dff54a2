/**
 * The links of `markdown`: bare URLs and `[label](URL)`. A target is http, https or mailto as it is
 * written, with no blank, control or invisible direction mark in it, so no encoding of another
 * scheme can pass. A label that looks like an address must be that address.
 */

/** What a bare URL is made of; brackets and trailing punctuation are looked at afterwards. */
const URL_RUN =
  /https?:\/\/[^\s<>"`\p{Cc}\p{Bidi_Control}，。、；：！？（）「」『』【】《》“”]*/iyu;
const TRAILING = /[.,;:!?'’*_~…]/;
const PAIRS: Record<string, string> = { ")": "(", "]": "[", "}": "{" };
const LABEL = /\[([^[\]\n]+)\]\(/y;
const TARGET_CHAR = /[^\s<>"`\\\p{Cc}\p{Bidi_Control}]/u;
/** Parentheses in each other in a link's target. */
const MAX_PARENS = 8;
/** Before a bare URL these make it part of a word; scripts without spaces do not. */
const WORD = /[\p{Script=Latin}\d_]/u;

/** A bare URL at this place; without `href` the text of this length is none. */
export function readUrl(text: string, at: number): { href: string | null; length: number } {
  URL_RUN.lastIndex = at;
  const run = URL_RUN.exec(text)?.[0] ?? text[at];
  const url = trimEnd(run);
  const inWord = at > 0 && WORD.test(text[at - 1]);
  const href = inWord ? null : safeHref(url);
  return href === null ? { href, length: run.length } : { href, length: url.length };
}

/** A `[label](URL)` at this place. */
export function readLabelled(
  text: string,
  at: number,
): { href: string; text: string; length: number } | null {
  LABEL.lastIndex = at;
  const label = LABEL.exec(text);
  if (!label || label[1].trim() === "") return null;
  const start = at + label[0].length;
  const end = endOfTarget(text, start);
  if (end === null) return null;
  const target = text.slice(start, end);
  const href = safeHref(target);
  if (href === null || isOtherAddress(label[1], target)) return null;
  return { href, text: label[1], length: end + 1 - at };
}

/** The target as a link may have it, or null for any other scheme or an invalid URL. */
function safeHref(target: string): string | null {
  const scheme = /^(?:https?:\/\/(?=[^/?#])|mailto:(?=.))/i.exec(target)?.[0];
  if (scheme === undefined || !URL.canParse(target)) return null;
  return scheme.toLowerCase() + target.slice(scheme.length);
}

/** `[https://bank.example](https://thief.example)` stays text. */
function isOtherAddress(label: string, target: string): boolean {
  const looks = /:\/\/|^\s*(?:www\.|mailto:)|^\s*[\w-]+(?:\.[\w-]+)+(?:[/:?#]|\s*$)/i.test(label);
  return looks && bare(label) !== bare(target);
}

function bare(address: string): string {
  return address.trim().toLowerCase().replace(/^(?:https?:\/\/|mailto:)/, "").replace(/\/$/, "");
}

/** Where the parenthesis is that ends a target. */
function endOfTarget(text: string, start: number): number | null {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === ")" && depth-- === 0) return at;
    if (char === "(" && ++depth > MAX_PARENS) return null;
    if (!TARGET_CHAR.test(char)) return null;
  }
  return null;
}

/** Without the punctuation of the sentence around it: `(see https://a.example/b_(c)).` */
function trimEnd(run: string): string {
  const surplus = surplusOf(run);
  let end = run.length;
  for (; end > 0; end--) {
    const char = run[end - 1];
    if (surplus[char] > 0) surplus[char]--;
    else if (!TRAILING.test(char)) break;
  }
  return run.slice(0, end);
}

/** How many more closing brackets of each kind there are than opening ones. */
function surplusOf(run: string): Record<string, number> {
  const surplus: Record<string, number> = {};
  for (const [close, open] of Object.entries(PAIRS)) {
    surplus[close] = run.split(close).length - run.split(open).length;
  }
  return surplus;
}
