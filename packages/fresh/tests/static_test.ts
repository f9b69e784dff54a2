import { assert, assertEquals } from "@std/assert";
import { allowed } from "./permissions.ts";
import { ask } from "./site.ts";

const ignore = !allowed;
const cssFile = new URL("./fixture/static/css/main.css", import.meta.url);

Deno.test({ name: "staticFiles() answers 304 to its own weak ETag", ignore }, async () => {
  const first = await ask("/css/main.css");
  const etag = first.headers.get("etag") ?? "";
  assert(etag.startsWith('W/"'));
  assertEquals(first.headers.get("content-type"), "text/css; charset=utf-8");
  assertEquals(await first.text(), await Deno.readTextFile(cssFile));
  const again = await ask("/css/main.css", { headers: { "if-none-match": `"x", ${etag}` } });
  assertEquals([again.status, again.body], [304, null]);
});

Deno.test({ name: "staticFiles() refuses a write with 405", ignore }, async () => {
  const response = await ask("/css/main.css", { method: "PUT" });
  await response.body?.cancel();
  assertEquals([response.status, response.headers.get("allow")], [405, "GET, HEAD"]);
});

Deno.test({ name: "staticFiles() answers HEAD with the length and no body", ignore }, async () => {
  const response = await ask("/css/main.css", { method: "HEAD" });
  assertEquals([response.headers.get("content-length"), response.body], [
    String((await Deno.stat(cssFile)).size),
    null,
  ]);
});

Deno.test({ name: "staticFiles() never leaves its folder", ignore }, async () => {
  const paths = [
    "/../main.ts",
    "/%2e%2e/main.ts",
    "/..%2fmain.ts",
    "/css/..%2f..%2fmain.ts",
    "/..%5cmain.ts",
    "/css/main.css%00",
    "/css/main.css%00.png",
    "/css/%E0%A4%A",
    "/css/",
    "//css/main.css",
  ];
  for (const path of paths) {
    const response = await ask(path);
    await response.body?.cancel();
    assertEquals([path, response.status], [path, 404]);
  }
});

Deno.test({ name: "only URLs that name their content are immutable", ignore }, async () => {
  const cache = async (path: string) => {
    const response = await ask(path);
    await response.body?.cancel();
    return response.headers.get("cache-control");
  };
  const html = await (await ask("/island")).text();
  const boot = /src="(\/_fresh\/js\/boot-[^"]+)"/.exec(html)?.[1] ?? "";
  const css = /href="(\/css\/main.css\?[^"]+)"/.exec(html)?.[1] ?? "";
  const immutable = "public, max-age=31536000, immutable";
  assertEquals(await cache(boot), immutable);
  assertEquals(await cache(css), immutable);
  assertEquals(await cache("/css/main.css"), "no-cache");
  assertEquals(await cache("/css/main.css?__frsh_c=old"), "no-cache");
});
