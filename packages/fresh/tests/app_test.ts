import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { App, cors, csp, csrf, HttpError, page, trailingSlashes } from "fresh";

type Handler = ReturnType<App["handler"]>;

async function text(handler: Handler, path: string, init?: RequestInit) {
  const response = await handler(new Request(`http://localhost${path}`, init));
  return `${response.status} ${await response.text()}`;
}

Deno.test("App answers a static route before a dynamic one, and dynamic ones in order", async () => {
  const handler = new App()
    .get("/posts/:id", (ctx) => ctx.text(`post ${ctx.params.id}`))
    .get("/posts/featured", (ctx) => ctx.text("featured"))
    .get("/:any/:id", (ctx) => ctx.text("any"))
    .handler();
  assertEquals(await text(handler, "/posts/featured"), "200 featured");
  assertEquals(await text(handler, "/posts/7"), "200 post 7");
  assertEquals(await text(handler, "/other/7"), "200 any");
});

Deno.test("App decodes params but leaves an encoded slash, and bears malformed escapes", async () => {
  const handler = new App().get("/b/:id", (ctx) => ctx.json(ctx.params)).handler();
  assertEquals(await text(handler, "/b/a%20b%2Fc"), '200 {"id":"a b%2Fc"}');
  assertEquals(await text(handler, "/b/%E0%A4%A"), '200 {"id":"%E0%A4%A"}');
});

Deno.test("App misses a dynamic path with a trailing slash", async () => {
  const handler = new App().get("/b/:id", (ctx) => ctx.text("hit")).handler();
  assertEquals(await text(handler, "/b/1"), "200 hit");
  assertEquals(await text(handler, "/b/1/"), "404 Not Found");
});

Deno.test("App answers 405 with Allow when only other methods are known", async () => {
  const handler = new App().get("/a", (ctx) => ctx.text("a")).put("/a", (ctx) => ctx.text("p"))
    .handler();
  const response = await handler(new Request("http://localhost/a", { method: "POST" }));
  assertEquals([response.status, response.headers.get("allow")], [405, "GET, PUT"]);
});

Deno.test("App answers HEAD by the GET handler, without a body", async () => {
  const handler = new App().get("/a", (ctx) => ctx.text("a", { headers: { "x-a": "1" } }))
    .handler();
  const response = await handler(new Request("http://localhost/a", { method: "HEAD" }));
  assertEquals([response.status, response.headers.get("x-a"), response.body], [200, "1", null]);
});

Deno.test("App runs middlewares from the root down, only for routes declared after them", async () => {
  const trail: string[] = [];
  const step = (name: string) => (ctx: { next(): Promise<Response> }) => {
    trail.push(name);
    return ctx.next();
  };
  const handler = new App()
    .get("/early", (ctx) => ctx.text(""))
    .use("/deep", step("deep"))
    .use(step("root"))
    .get("/deep/er", (ctx) => ctx.text(""))
    .get("/deeper", (ctx) => ctx.text(""))
    .handler();
  for (const path of ["/early", "/deep/er", "/deeper"]) {
    trail.push(path);
    await text(handler, path);
  }
  assertEquals(trail, ["/early", "/deep/er", "root", "deep", "/deeper", "root"]);
});

Deno.test("App passes an error to the nearest page, and every 404 to notFound", async () => {
  const handler = new App()
    .onError("*", (ctx) => ctx.text(`outer ${(ctx.error as Error).message}`, { status: 500 }))
    .onError("/in", (ctx) => ctx.text("inner", { status: 500 }))
    .notFound((ctx) => ctx.text("lost", { status: 404 }))
    .get("/in/fail", () => {
      throw new Error("x");
    })
    .get("/fail", () => {
      throw new Error("x");
    })
    .get("/in/lost", () => {
      throw new HttpError(404);
    })
    .handler();
  assertEquals(await text(handler, "/in/fail"), "500 inner");
  assertEquals(await text(handler, "/fail"), "500 outer x");
  assertEquals(await text(handler, "/in/lost"), "404 lost");
  assertEquals(await text(handler, "/nowhere"), "404 lost");
});

Deno.test("App lets a middleware map an error before the error page sees it", async () => {
  const handler = new App()
    .onError((ctx) => ctx.text("", { status: (ctx.error as HttpError).status }))
    .use(async (ctx) => {
      try {
        return await ctx.next();
      } catch {
        throw new HttpError(409);
      }
    })
    .get("/", () => {
      throw new Error("domain");
    })
    .handler();
  assertEquals(await text(handler, "/"), "409 ");
});

Deno.test("App shows no detail of an unexpected error in production", async () => {
  const handler = new App().get("/", () => {
    throw new Error("secret");
  }).handler();
  const logged: unknown[] = [];
  const original = console.error;
  console.error = (...args) => logged.push(...args);
  try {
    assertEquals(await text(handler, "/"), "500 Internal Server Error");
  } finally {
    console.error = original;
  }
  assertEquals((logged[0] as Error).message, "secret");
});

Deno.test("App mounts another app and lives below its base path", async () => {
  const inner = new App().get("/a", (ctx) => ctx.text(ctx.config.basePath));
  const handler = new App({ basePath: "/base" }).mountApp("/in", inner)
    .get("/", (ctx) => ctx.text("root")).handler();
  assertEquals(await text(handler, "/base/in/a"), "200 /base");
  assertEquals(await text(handler, "/base"), "200 root");
  assertEquals(await text(handler, "/in/a"), "404 Not Found");
});

Deno.test("App believes forwarded headers only when told to", async () => {
  const headers = { "x-forwarded-proto": "https", "x-forwarded-host": "chat.example" };
  const origin = (trustProxy: boolean) =>
    text(new App({ trustProxy }).get("/", (ctx) => ctx.text(ctx.url.origin)).handler(), "/", {
      headers,
    });
  assertEquals(await origin(false), "200 http://localhost");
  assertEquals(await origin(true), "200 https://chat.example");
});

Deno.test("route() gives the handler's data to the component", async () => {
  const handler = new App().route("/", {
    handlers: { GET: () => page({ name: "x" }, { status: 202 }) },
    component: ({ data }: { data: { name: string } }) => `hello ${data.name}`,
  }).handler();
  assertEquals(await text(handler, "/"), "202 hello x");
  assertEquals(await text(handler, "/", { method: "POST" }), "404 Not Found");
});

Deno.test("redirect() never leaves the site by a path", async () => {
  const handler = new App().get("/", (ctx) => ctx.redirect(ctx.url.searchParams.get("to") ?? ""))
    .handler();
  for (const to of ["//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example"]) {
    const url = `http://localhost/?to=${encodeURIComponent(to)}`;
    const response = await handler(new Request(url));
    const target = new URL(response.headers.get("location") ?? "", "http://localhost");
    assertEquals([response.status, target.host], [302, "localhost"]);
  }
});

Deno.test("csrf() lets only the same site change something", async () => {
  const handler = new App().use(csrf()).all("/", (ctx) => ctx.text("ok")).handler();
  const post = (headers: Record<string, string>) => text(handler, "/", { method: "POST", headers });
  assertEquals(await text(handler, "/"), "200 ok");
  assertEquals(await post({ "sec-fetch-site": "same-origin" }), "200 ok");
  assertEquals(await post({ origin: "http://localhost" }), "200 ok");
  assertEquals(await post({ origin: "http://evil.example" }), "403 Forbidden");
  assertEquals(await post({ "sec-fetch-site": "cross-site" }), "403 Forbidden");
  assertEquals(await post({}), "403 Forbidden");
});

Deno.test("csp() sets the policy also on error pages, and nonces only on rendered ones", async () => {
  const handler = new App()
    .use(csp({ useNonce: true, csp: ["img-src 'none'"], reportTo: "/reports" }))
    .get("/page", (ctx) => ctx.html("<p>"))
    .get("/fail", () => {
      throw new HttpError(418);
    })
    .handler();
  for (const path of ["/page", "/fail"]) {
    const response = await handler(new Request(`http://localhost${path}`));
    await response.body?.cancel();
    const policy = response.headers.get("content-security-policy") ?? "";
    assertStringIncludes(policy, "script-src 'self' 'unsafe-inline'");
    assertStringIncludes(policy, "img-src 'none'");
    assertStringIncludes(policy, "report-uri /reports");
    assert(!policy.includes("nonce-"));
  }
});

Deno.test("cors() answers a preflight, and names the origin only when it is allowed", async () => {
  const handler = new App().use(cors({ origin: ["http://a.example"] }))
    .get("/", (ctx) => ctx.text("ok")).handler();
  const allowed = async (origin: string, method = "GET") => {
    const headers = { origin, "access-control-request-method": "GET" };
    const response = await handler(new Request("http://localhost/", { method, headers }));
    await response.body?.cancel();
    return [response.status, response.headers.get("access-control-allow-origin")];
  };
  assertEquals(await allowed("http://a.example"), [200, "http://a.example"]);
  assertEquals(await allowed("http://b.example"), [200, null]);
  assertEquals(await allowed("http://a.example", "OPTIONS"), [204, "http://a.example"]);
});

Deno.test("trailingSlashes() redirects on this site", async () => {
  const handler = new App().use(trailingSlashes("never")).get("/a", (ctx) => ctx.text("a"))
    .handler();
  const location = async (path: string) =>
    (await handler(new Request(`http://localhost${path}`))).headers.get("location");
  assertEquals(await location("/a/?q=1"), "/a?q=1");
  assertEquals(await location("//evil.example/"), "/evil.example");
});

Deno.test("upgrade() refuses what is no upgrade request with 400", async () => {
  const handler = new App().ws("/ws", {}).handler();
  assertEquals(await text(handler, "/ws"), "400 Expected a WebSocket upgrade request");
});

Deno.test("stream() sends chunks of text", async () => {
  const handler = new App().get("/", (ctx) =>
    ctx.stream(function* () {
      yield "a";
      yield "b";
    })).handler();
  assertEquals(await text(handler, "/"), "200 ab");
});

Deno.test("use() and get() take functions that load a middleware", async () => {
  const handler = new App().get("/", () => Promise.resolve((ctx) => ctx.text("lazy"))).handler();
  assertEquals(await text(handler, "/"), "200 lazy");
  assertEquals(await text(handler, "/"), "200 lazy");
});
