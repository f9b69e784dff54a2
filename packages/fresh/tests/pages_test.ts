import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { allowed } from "./permissions.ts";
import { ask } from "./site.ts";

const ignore = !allowed;

/** Asks for a page that fails, and answers what was logged, too. */
async function askQuietly(path: string) {
  const logged: unknown[] = [];
  const original = console.error;
  console.error = (...args) => logged.push(...args);
  try {
    const response = await ask(path);
    return { status: response.status, html: await response.text(), logged };
  } finally {
    console.error = original;
  }
}

Deno.test({ name: "a page without islands ships no JavaScript", ignore }, async () => {
  const html = await (await ask("/")).text();
  assert(html.startsWith('<!DOCTYPE html><html lang="en">'));
  assert(!html.includes("<script") && !html.includes("modulepreload"));
});

Deno.test({ name: "Head replaces the title and the meta of the same name", ignore }, async () => {
  const html = await (await ask("/")).text();
  assertEquals(html.match(/<title>[^<]*/g), ["<title>Home"]);
  assertEquals(html.match(/<meta name="description"[^>]*/g)?.length, 1);
  assertStringIncludes(html, 'content="home"');
});

Deno.test(
  { name: "csp() puts one nonce into header, styles and boot script", ignore },
  async () => {
    const response = await ask("/island");
    const html = await response.text();
    const policy = response.headers.get("content-security-policy") ?? "";
    const nonce = /script-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1];
    assert(nonce && !policy.includes("unsafe-inline"));
    for (const tag of html.match(/<(script|style)\b[^>]*/g) ?? []) {
      assertStringIncludes(tag, `nonce="${nonce}"`);
    }
    assertMatch(html, /<script type="module" src="\/_fresh\/js\/boot-/);
  },
);

Deno.test({ name: "two pages get two nonces", ignore }, async () => {
  const policy = async () => (await ask("/")).headers.get("content-security-policy");
  assert(await policy() !== await policy());
});

Deno.test({ name: "island props cannot break out of their script", ignore }, async () => {
  const html = await (await ask("/plain")).text();
  assertStringIncludes(html, String.raw`"text":"\u003c/script>\u003cb>"`);
});

Deno.test({ name: "a function as island prop fails with a clear message", ignore }, async () => {
  const { status, html } = await askQuietly("/bad");
  assertEquals(status, 500);
  assert(!html.includes("Cannot send"));
  const { app } = await import("./fixture/main.ts");
  const errors: unknown[] = [];
  const { App } = await import("fresh");
  const probe = new App<{ user: string; trail: string[] }>().use(async (ctx) => {
    try {
      return await ctx.next();
    } catch (error) {
      errors.push(error);
      throw error;
    }
  }).mountApp("/", app);
  const { applyBuild } = await import("./site.ts");
  await applyBuild(probe);
  for (const path of ["/bad", "/children"]) {
    await (await probe.handler()(new Request(`http://localhost${path}`))).text();
  }
  assertMatch(String(errors[0]), /prop "text" of island "Plain".*holds a function/);
  assertMatch(String(errors[1]), /prop "children" of island "Plain".*JSX/);
});

Deno.test({ name: "interleaved async renders keep to their own request", ignore }, async () => {
  const users = Array.from({ length: 30 }, (_, i) => `user${i}`);
  await Promise.all(users.map(async (user, i) => {
    const response = await ask(`/slow?ms=${(i * 7) % 20}`, { headers: { "x-user": user } });
    const html = await response.text();
    assertStringIncludes(html, `<title>Slow ${user}</title>`);
    assertStringIncludes(html, `<p>${user}</p>`);
    const nonce = /nonce="([^"]+)"/.exec(html)?.[1];
    assertStringIncludes(response.headers.get("content-security-policy") ?? "", `${nonce}`);
  }));
});

Deno.test({ name: "file routes find their layout, params, data and status", ignore }, async () => {
  const response = await ask("/deep/abc");
  const html = await response.text();
  assertEquals([response.status, response.headers.get("x-deep")], [201, "1"]);
  assertMatch(html, /<section id="deep"><p>ABC abc \/deep\/:id<\/p><\/section>/);
  assertEquals(response.headers.get("x-trail"), "first,second");
});

Deno.test({ name: "a route may leave out layouts and app wrapper", ignore }, async () => {
  assertEquals(await (await ask("/deep/bare")).text(), "<p>bare</p>");
});

Deno.test(
  { name: "a group is transparent, and its layout covers only its files", ignore },
  async () => {
    assertMatch(
      await (await ask("/about")).text(),
      /<article><!--island:0--><em>local island<\/em>/,
    );
    assert(!(await (await ask("/")).text()).includes("<article>"));
  },
);

Deno.test({ name: "optional, rest and overridden patterns match", ignore }, async () => {
  const text = async (path: string) => await (await ask(path)).text();
  assertEquals(await text("/docs"), "docs latest");
  assertEquals(await text("/docs/v1"), "docs v1");
  assertEquals(await text("/files/a/b"), "rest a/b");
  assertEquals(await text("/x/oak@1.2"), '{"module":"oak","version":"1.2"}');
  assertEquals((await ask("/override")).status, 404);
  assertEquals((await ask("/ignored_test")).status, 404);
});

Deno.test({ name: "an async page may answer a Response", ignore }, async () => {
  const response = await ask("/gone", { headers: { "x-user": "ann" } });
  assertEquals([response.status, await response.text()], [410, "gone ann"]);
});

Deno.test({ name: "POST to a file route without a POST handler is a 404", ignore }, async () => {
  const init = { method: "POST", headers: { "sec-fetch-site": "same-origin" } };
  assertEquals((await ask("/small", init)).status, 404);
  assertEquals((await ask("/deep/abc", init)).status, 404);
});

Deno.test({ name: "_404 and _error render with the status of the error", ignore }, async () => {
  const missing = await ask("/nowhere");
  assertEquals(missing.status, 404);
  assertStringIncludes(await missing.text(), "Nothing at /nowhere (true)");
  assertMatch(missing.headers.get("content-security-policy") ?? "", /nonce-/);
  const teapot = await ask("/fail?status=418");
  assertEquals(teapot.status, 418);
  assertStringIncludes(await teapot.text(), "<h1>Error 418</h1>");
  const failed = await askQuietly("/fail");
  assertEquals(failed.status, 500);
  assert(!failed.html.includes("secret"));
});

Deno.test({ name: "redirect() of a route collapses leading slashes", ignore }, async () => {
  const response = await ask("/deep/away");
  assertEquals([response.status, response.headers.get("location")], [302, "/evil.example"]);
});
