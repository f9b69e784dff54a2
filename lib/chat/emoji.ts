/** What counts as one emoji: in reactions, and in messages that are nothing else. */

/** Longest emoji, in UTF-16 units; families with skin tones and flags of regions are below it. */
const MAX_UNITS = 40;
const ONE = "(?:\\p{RI}\\p{RI}|[#*\\d]\\uFE0F?\\u20E3|" +
  "(?:\\p{Emoji_Presentation}|\\p{ExtPict}(?=[\\uFE0F\\u200D\\p{EMod}]))[\\uFE0F\\p{EMod}]*" +
  "(?:\\u200D\\p{ExtPict}[\\uFE0F\\p{EMod}]*|[\\u{E0020}-\\u{E007F}])*)";
const SINGLE = new RegExp(`^${ONE}$`, "u");
const JUMBO = new RegExp(`^(?:${ONE}\\s?){1,3}$`, "u");

/** Whether the text is exactly one emoji, in the form that is shown in colour. */
export function isEmoji(text: string): boolean {
  return text.length <= MAX_UNITS && SINGLE.test(text);
}

/** Whether the text is one to three emoji; those are shown large and without a bubble. */
export function isJumbo(text: string): boolean {
  return text.length <= 60 && JUMBO.test(text);
}
