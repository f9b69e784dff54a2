import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { buildCss, classTokens, generateCss } from "../../lib/css.ts";
import { componentRules } from "../../lib/css_parts.ts";

const ROOT = new URL("../../", import.meta.url).pathname.replace(/\/$/, "");
const readable = await Deno.permissions.query({ name: "read", path: ROOT });
const ignore = readable.state !== "granted";

Deno.test("classTokens() reads class attributes, class expressions and cx() calls", () => {
  const source = `<p class="flex p-2" /> <p class={open ? "grid" : "hidden"} />
    const a = cx("row", current && "row-current"); const b = "not-a-class";`;
  assertEquals([...classTokens(source)].sort(), [
    "flex",
    "grid",
    "hidden",
    "p-2",
    "row",
    "row-current",
  ]);
});

Deno.test("generateCss() names the token and the file of a class without a rule", () => {
  const tokens = new Map([["flex", "components/A.tsx"], ["flexx", "components/B.tsx"]]);
  assertThrows(() => generateCss(tokens), Error, 'No style for class "flexx" in components/B.tsx');
});

Deno.test("no class has two rules: the later one would change what the first is for", () => {
  const names = (componentRules as unknown as [string, unknown][]).map(([name]) => name);
  assert(names.length > 50, "premise: there are many");
  assertEquals(names.filter((name, at) => names.indexOf(name) !== at), []);
});

Deno.test("generateCss() knows the utilities that twind 1 lacks", () => {
  const names = ["size-4", "h-dvh", "ps-3", "me-2", "line-clamp-2", "text-balance", "end-0"];
  const css = generateCss(new Map(names.map((name) => [name, "x"])));
  assertStringIncludes(css, ".size-4{width:1rem;height:1rem}");
  assertStringIncludes(css, "padding-inline-start:0.75rem");
  assertStringIncludes(css, "100dvh");
});

Deno.test("generateCss() answers the same bytes whatever order the tokens came in", () => {
  const names = ["flex", "p-2", "wide:hidden", "text-muted", "bubble", "hover:text-ink"];
  const css = (list: string[]) => generateCss(new Map(list.map((name) => [name, "x"])));
  assertEquals(css(names), css(names.toReversed()));
});

Deno.test({
  name: "buildCss() covers every class of the app, twice the same, within 15 kB gzipped",
  ignore,
  async fn() {
    const css = await buildCss({ root: ROOT });
    assertEquals(await buildCss({ root: ROOT }), css);
    const packed = new Blob([css]).stream().pipeThrough(new CompressionStream("gzip"));
    const size = (await new Response(packed).arrayBuffer()).byteLength;
    assert(size <= 15_000, `the stylesheet is ${size} bytes gzipped`);
  },
});

Deno.test({
  name: "buildCss() rejects when a folder of views is missing",
  ignore,
  fn: async () => {
    await assertRejects(() => buildCss({ root: `${ROOT}/static` }), Deno.errors.NotFound);
  },
});
