/**
 * Builds the stylesheet, once per build: collects the class tokens of the views, sorts them and
 * lets twind generate their rules into a virtual sheet. The same sources give the same bytes.
 *
 * Where tokens are written: in `class="…"`, in any string of `class={…}`, and in any string
 * of a `cx(…)` call. So a comparison inside those braces must not hold a string literal.
 */

import { type Twind, twind, virtual } from "@twind/core";
import { themeConfig } from "./theme.ts";

/** Folders whose `.tsx` and `.ts` files hold class tokens. */
const VIEW_FOLDERS = ["components", "islands", "routes"];
/** Tokens that only mark an element for others' variants and have no rule of their own. */
const MARKERS = new Set(["group", "peer", "message-last"]);

/** The stylesheet of the app whose sources are under `root`, minified. Throws for a token without a rule. */
export async function buildCss(options: { root: string }): Promise<string> {
  const tokens = new Map<string, string>();
  for (const folder of VIEW_FOLDERS) {
    for await (const path of viewFiles(`${options.root}/${folder}`)) {
      const name = path.slice(options.root.length + 1);
      for (const token of classTokens(await Deno.readTextFile(path))) {
        if (!tokens.has(token)) tokens.set(token, name);
      }
    }
  }
  return generateCss(tokens);
}

/** The stylesheet for these tokens; each comes with the file that a complaint should name. */
export function generateCss(tokens: Map<string, string>): string {
  const sheet = virtual();
  const tw = twind(themeConfig(), sheet) as Twind;
  tw("");
  for (const token of [...tokens.keys()].sort()) {
    const before = sheet.target.length;
    tw(token);
    if (sheet.target.length === before && !MARKERS.has(token)) {
      throw new Error(`No style for class "${token}" in ${tokens.get(token)}`);
    }
  }
  return sheet.target.map(String).join("") + KEYFRAMES;
}

const KEYFRAMES =
  "@keyframes rise{from{opacity:0;transform:translateY(0.375rem)}to{opacity:1;transform:none}}" +
  "@keyframes flash{0%,60%{background:var(--accent-soft)}}" +
  "@keyframes pulse{50%{opacity:0.25}}\n";

/** The class tokens that a source file names, each once. */
export function classTokens(source: string): Set<string> {
  const tokens = new Set<string>();
  const add = (text: string) => text.split(/\s+/).forEach((token) => token && tokens.add(token));
  for (const [, quoted] of source.matchAll(/\bclass(?:Name)?="([^"]*)"/g)) add(quoted);
  for (const opening of source.matchAll(/\bclass(?:Name)?=\{|(?<!function )\bcx\(/g)) {
    const code = balanced(source, opening.index + opening[0].length - 1);
    for (const [, text] of code.matchAll(/["'`]([^"'`]*)["'`]/g)) add(text);
  }
  return tokens;
}

/** The code from the bracket at `start` to the one that closes it. */
function balanced(source: string, start: number): string {
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    if ("({[".includes(source[at])) depth++;
    if (")}]".includes(source[at]) && --depth === 0) return source.slice(start, at + 1);
  }
  return source.slice(start);
}

async function* viewFiles(folder: string): AsyncGenerator<string> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  for (const entry of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* viewFiles(path);
    else if (/\.tsx?$/.test(entry.name) && !/_test\.tsx?$/.test(entry.name)) yield path;
  }
}
