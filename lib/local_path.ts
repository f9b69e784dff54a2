/** Where to go after sign-in: only paths of this site, so `next` is no open redirect. */

const FALLBACK = "/chat";

/**
 * The path, query and fragment of `next` when it stays on this site, else the people list. Judged
 * by the URL parser that browsers use, after refusing what parsers disagree about.
 */
export function localPath(next: unknown): string {
  if (typeof next !== "string" || next.length > 500) return FALLBACK;
  if (!next.startsWith("/") || /^\/[/\\]/.test(next)) return FALLBACK;
  // deno-lint-ignore no-control-regex
  if (/[\\\u0000-\u0020\u007f]/.test(next)) return FALLBACK;
  const here = "http://parley.invalid";
  const url = URL.parse(next, here);
  if (!url || url.origin !== here) return FALLBACK;
  const path = url.pathname + url.search + url.hash;
  return /^\/(login|register|logout)([/?#]|$)/.test(path) || path.startsWith("//")
    ? FALLBACK
    : path;
}
