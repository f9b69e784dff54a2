/** Finds messages that are nothing but a few emoji; those are shown large and without a bubble. */

const ONE = "(?:\\p{RI}\\p{RI}|[#*\\d]\\uFE0F?\\u20E3|" +
  "(?:\\p{Emoji_Presentation}|\\p{ExtPict}(?=[\\uFE0F\\u200D\\p{EMod}]))[\\uFE0F\\p{EMod}]*" +
  "(?:\\u200D\\p{ExtPict}[\\uFE0F\\p{EMod}]*|[\\u{E0020}-\\u{E007F}])*)";
const JUMBO = new RegExp(`^(?:${ONE}\\s?){1,3}$`, "u");

/** Whether the text is one to three emoji. */
export function isJumbo(text: string): boolean {
  return text.length <= 60 && JUMBO.test(text);
}
