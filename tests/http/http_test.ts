/** The pages and the API of a real server process, asked without a browser. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Client, PASSWORD, register } from "../helpers/client.ts";
import { startServer, type TestServer } from "../helpers/server.ts";
import { testsInTown } from "../helpers/town.ts";

let server: TestServer;
let ada: Client;
let bob: Client;

const test = testsInTown({ ada: "Ada", bob: "Bob" }, {
  prepare: (town) => ({ server, ada, bob } = town),
});

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(server.origin + path, { redirect: "manual", headers });
}

function postForm(path: string, fields: Record<string, string>, headers = {}): Promise<Response> {
  return fetch(server.origin + path, {
    method: "POST",
    redirect: "manual",
    headers: { origin: server.origin, ...headers },
    body: new URLSearchParams(fields),
  });
}

async function statusOf(response: Promise<Response>): Promise<number> {
  const { status, body } = await response;
  await body?.cancel();
  return status;
}

test("a stranger is sent to sign in, with the way back", async () => {
  const { id: room } = await ada.room(bob.me);
  for (const [path, next] of [["/chat", "/login"], ["/", "/login"]]) {
    const response = await get(path);
    await response.body?.cancel();
    assertEquals([response.status, response.headers.get("location")?.split("?")[0]], [303, next]);
  }
  const response = await get(`/chat/${room}?before=5`);
  await response.body?.cancel();
  const back = encodeURIComponent(`/chat/${room}?before=5`);
  assertEquals(response.headers.get("location"), `/login?next=${back}`);
});

test("after sign-in one is where one wanted to be, but never on another site", async () => {
  const goTo = async (next: string) => {
    const response = await postForm("/login", { username: "ADA", password: PASSWORD, next });
    await response.body?.cancel();
    return [response.status, response.headers.get("location")];
  };
  assertEquals(await goTo(""), [303, "/chat"]);
  assertEquals(await goTo("/chat/abc?before=5"), [303, "/chat/abc?before=5"]);
  for (
    const next of [
      "//evil.example",
      "/\\evil.example",
      "https://evil.example",
      "javascript:alert(1)",
      "/\t/evil.example",
      "/login?next=/login",
    ]
  ) {
    assertEquals(await goTo(next), [303, "/chat"], next);
  }
});

test("a wrong password and an unknown name are answered alike", async () => {
  const wrong = await postForm("/login", { username: "ada", password: "not the password" });
  const unknown = await postForm("/login", { username: "adx", password: "not the password" });
  assertEquals([wrong.status, unknown.status], [401, 401]);
  const [one, other] = [await wrong.text(), await unknown.text()];
  assertStringIncludes(one, "The username or the password is not right.");
  assertEquals(one.replaceAll("ada", "adx"), other);
});

test("the session cookie is HttpOnly and Lax, and every sign-in makes a new one", async () => {
  const cookies = [];
  for (let i = 0; i < 2; i++) {
    const response = await postForm("/login", { username: "ada", password: PASSWORD }, {
      cookie: "session=planted",
    });
    await response.body?.cancel();
    cookies.push(response.headers.getSetCookie()[0]);
  }
  const [one, other] = cookies;
  assertMatch(one, /^session=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/);
  assert(one !== other);
});

test("behind a trusted proxy that speaks https the cookie is Secure and __Host-", async () => {
  await using own = await startServer({ env: { TRUST_PROXY: "1" } });
  const response = await fetch(`${own.origin}/register`, {
    method: "POST",
    redirect: "manual",
    headers: { "sec-fetch-site": "same-origin", "x-forwarded-proto": "https" },
    body: new URLSearchParams({ username: "sec", name: "", password: PASSWORD }),
  });
  await response.body?.cancel();
  assertMatch(response.headers.getSetCookie()[0], /^__Host-session=.+; Path=\/; .+; Secure$/);
});

test("every form refuses a request from another site", async () => {
  const paths = [
    "/login",
    "/register",
    "/logout",
    "/chat",
    "/chat/abc",
    "/api/session",
    "/api/rooms",
  ];
  for (const path of paths) {
    const foreign = { cookie: ada.cookie, origin: "https://evil.example" };
    assertEquals(await statusOf(postForm(path, {}, foreign)), 403, path);
    const crossSite = { cookie: ada.cookie, origin: "null", "sec-fetch-site": "cross-site" };
    assertEquals(await statusOf(postForm(path, {}, crossSite)), 403, path);
  }
});

test("signing out ends the session itself, not only the cookie", async () => {
  const zoe = await register(server.origin, "zoe");
  assertEquals(await statusOf(zoe.fetch("/chat")), 200);
  const response = await zoe.fetch("/logout", { method: "POST" });
  await response.body?.cancel();
  assertEquals(response.headers.get("location"), "/login");
  assertMatch(response.headers.getSetCookie()[0], /^session=; .*Max-Age=0/);
  assertEquals(await statusOf(zoe.fetch("/chat")), 303);
});

test("pages carry the strict policy, with a nonce for the one inline script", async () => {
  const { id: room } = await ada.room(bob.me);
  for (const path of ["/chat", `/chat/${room}`]) {
    const response = await ada.fetch(path);
    const html = await response.text();
    const policy = response.headers.get("content-security-policy") ?? "";
    assert(!policy.includes("unsafe-inline"), policy);
    assertStringIncludes(policy, "frame-ancestors 'none'");
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
    assert(nonce);
    const scripts = html.match(/<script\b[^>]*>/g) ?? [];
    assert(scripts.length > 0, "premise: there are scripts");
    for (const tag of scripts) assertStringIncludes(tag, nonce);
    assert(!/ style="| on[a-z]+="/.test(html), "inline style or handler");
    assertEquals(response.headers.get("x-content-type-options"), "nosniff");
    assertEquals(response.headers.get("referrer-policy"), "same-origin");
    assertEquals(response.headers.get("cache-control"), "private, no-store");
  }
});

test("sign-in and register ship no JavaScript at all", async () => {
  for (const path of ["/login", "/register"]) {
    const response = await get(path);
    const html = await response.text();
    assertEquals(response.status, 200);
    assert(!html.includes("<script"), path);
    assert(!html.includes("modulepreload"), path);
    assert(!response.headers.get("content-security-policy")?.includes("unsafe-inline"));
  }
});

test("errors and API answers carry the headers too", async () => {
  const answers = [
    await ada.fetch("/chat/absent"),
    await ada.fetch("/nowhere"),
    await ada.fetch("/api/nowhere"),
    await ada.fetch("/api/me"),
    await get("/api/me"),
    await postForm("/logout", {}, { origin: "https://evil.example" }),
  ];
  for (const response of answers) {
    const policy = response.headers.get("content-security-policy") ?? "";
    await response.body?.cancel();
    assertStringIncludes(policy, "frame-ancestors 'none'", `${response.url} ${response.status}`);
    assert(!policy.includes("unsafe-inline"));
    assertEquals(response.headers.get("x-content-type-options"), "nosniff");
    assertEquals(response.headers.get("cache-control"), "private, no-store");
  }
});

test("an unknown address is a 404 with a page, and JSON under /api", async () => {
  const page = await ada.fetch("/nowhere");
  assertEquals(page.status, 404);
  assertStringIncludes(await page.text(), "<html");
  const api = await ada.fetch("/api/nowhere");
  assertEquals(api.status, 404);
  assertEquals(typeof (await api.json()).error, "string");
});

test("the database and the sources are not served", async () => {
  for (
    const path of [
      "/deno.json",
      "/main.ts",
      "/data/parley.kv",
      "/../deno.json",
      "/%2e%2e/deno.json",
      "/_fresh/server.js",
    ]
  ) {
    assertEquals(await statusOf(ada.fetch(path)), 404, path);
  }
});

test("registering explains what is wrong and keeps what was typed", async () => {
  const tries: [Record<string, string>, RegExp][] = [
    [{ username: "x", name: "Xi", password: PASSWORD }, /at least 2 characters/],
    [{ username: "a b", name: "Xi", password: PASSWORD }, /letters, digits/],
    [{ username: "short-one", name: "Xi", password: "short" }, /at least 8 characters/],
    [{ username: "ÁDA", name: "Xi", password: "x".repeat(257) }, /at most 256/],
    [{ username: "ＡＤＡ", name: "Xi", password: PASSWORD }, /taken/],
  ];
  for (const [fields, message] of tries) {
    const response = await postForm("/register", fields);
    const html = await response.text();
    assert([400, 409].includes(response.status), `${response.status}`);
    assertMatch(html, message);
    assertStringIncludes(html, 'value="Xi"');
    assert(!html.includes(PASSWORD), "the password is not sent back");
  }
});

test("a form that is too big or of another kind is refused", async () => {
  const big = await postForm("/register", {
    username: "big",
    name: "x".repeat(200_000),
    password: PASSWORD,
  });
  assertEquals(big.status, 413);
  await big.body?.cancel();
  const json = await fetch(`${server.origin}/login`, {
    method: "POST",
    headers: { origin: server.origin, "content-type": "text/plain" },
    body: "username=ada",
  });
  assertEquals(json.status, 400);
  await json.body?.cancel();
});

test("sign-in is limited by account, and says when to come back", async () => {
  await using own = await startServer({ env: { SIGN_INS_PER_MINUTE: "4" } });
  await register(own.origin, "target");
  const tryOnce = () =>
    fetch(`${own.origin}/api/session`, {
      method: "POST",
      headers: { origin: own.origin, "content-type": "application/json" },
      body: JSON.stringify({ username: "target", password: "wrong wrong" }),
    });
  const statuses = [];
  for (let i = 0; i < 4; i++) statuses.push(await statusOf(tryOnce()));
  assertEquals(statuses, [401, 401, 401, 401]);
  const limited = await tryOnce();
  assertEquals(limited.status, 429);
  assert(Number(limited.headers.get("retry-after")) > 0);
  assert((await limited.json()).retryAfterMs > 0);
});

test("a direct room is one for both, whoever opens it and however many at once", async () => {
  const carl = await register(server.origin, "carl");
  const opens = Array.from({ length: 10 }, (_, i) => i % 2 ? carl.room(ada.me) : ada.room(carl.me));
  const ids = new Set((await Promise.all(opens)).map(({ id }) => id));
  assertEquals(ids.size, 1);
  const form = await ada.fetch("/chat", {
    method: "POST",
    body: new URLSearchParams({ person: carl.me.id }),
  });
  await form.body?.cancel();
  assertEquals([form.status, form.headers.get("location")], [303, `/chat/${[...ids][0]}`]);
});

test("finding people and listing mentions are limited by person, and others go on", async () => {
  const [gil, hal] = [await register(server.origin, "gil"), await register(server.origin, "hal")];
  for (const path of ["/api/people?q=a", "/api/mentions", "/mentions"]) {
    assertEquals(await statusOf(gil.fetch(path)), 200, path);
  }
  for (const path of ["/api/people?q=a", "/api/mentions"]) {
    const often = Array.from({ length: 300 }, () => statusOf(gil.fetch(path)));
    const statuses = new Set(await Promise.all(often));
    assertEquals([...statuses].sort(), [200, 429], path);
    assertEquals(await statusOf(hal.fetch(path)), 200, path);
  }
});

test("health answers without a session", async () => {
  assertEquals(await (await get("/api/health")).json(), { ok: true });
});
