/** What a browser downloads stays small: a test fails above the budget. */

import { assert, assertEquals } from "@std/assert";
import { register } from "../helpers/client.ts";
import { allowsAll } from "../helpers/permissions.ts";
import { startServer } from "../helpers/server.ts";

const JS_BUDGET = 45_000;
const CSS_BUDGET = 15_000;

async function gzipped(text: string): Promise<number> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
}

Deno.test({
  name: "people list and room need at most 45 kB of script, pages at most 15 kB of style",
  ignore: !allowsAll,
  async fn() {
    await using server = await startServer();
    const [ada, bob] = [await register(server.origin, "ada"), await register(server.origin, "bob")];
    const { id: room } = await ada.room(bob.me);
    const scripts = new Map<string, number>();
    const load = async (path: string): Promise<void> => {
      if (scripts.has(path)) return;
      scripts.set(path, 0);
      const response = await ada.fetch(path);
      const text = await response.text();
      assertEquals(response.status, 200, path);
      scripts.set(path, await gzipped(text));
      // Static imports only: what `import()` loads comes on demand.
      for (const [, to] of text.matchAll(/(?:import|from)\s*"([^"]+\.js[^"]*)"/g)) {
        await load(new URL(to, new URL(path, server.origin)).pathname);
      }
    };
    const styles = new Set<string>();
    for (const path of ["/chat", `/chat/${room}`]) {
      const html = await (await ada.fetch(path)).text();
      for (const [, src] of html.matchAll(/(?:src|from|href)="?\s*"(\/[^"]+\.js[^"]*)"/g)) {
        await load(src);
      }
      for (const [, src] of html.matchAll(/"(\/_fresh\/[^"]+\.js)"/g)) await load(src);
      for (const [, href] of html.matchAll(/rel="stylesheet" href="([^"]+)"/g)) styles.add(href);
    }
    assert(scripts.size > 0 && styles.size > 0, "pages load something");
    const js = [...scripts.values()].reduce((sum, bytes) => sum + bytes, 0);
    console.log(JSON.stringify({ js_gzip_bytes: js, files: Object.fromEntries(scripts) }));
    assert(js <= JS_BUDGET, `${js} bytes of script`);
    for (const href of styles) {
      const css = await gzipped(await (await ada.fetch(href)).text());
      console.log(JSON.stringify({ css_gzip_bytes: css }));
      assert(css <= CSS_BUDGET, `${css} bytes of style`);
    }
  },
});
