/** Sign-in with a provider, at a real server and a real provider, step by step. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { PASSWORD, register } from "../helpers/client.ts";
import { allowsAll } from "../helpers/permissions.ts";
import { startServer, type TestServer } from "../helpers/server.ts";
import { startProvider, type TestProvider } from "./provider.ts";
import { destinationOf, Visitor } from "./visitor.ts";

const GITHUB = { GITHUB_CLIENT_ID: "hub", GITHUB_CLIENT_SECRET: "hub-secret" };
const GOOGLE = { GOOGLE_CLIENT_ID: "goo", GOOGLE_CLIENT_SECRET: "goo-secret" };

let provider: TestProvider;
let server: TestServer;

// The shared server's log is read all the time, across tests: ops of no single test.
function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: !allowsAll, sanitizeOps: false, fn });
}

if (allowsAll) {
  Deno.test.beforeAll(async () => {
    provider = await startProvider();
    server = await startServer({ env: { ...provider.env, ...GITHUB } });
  });
  Deno.test.afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
  });
}

/** Signs a person in on a new browser. */
async function signIn(person: Record<string, unknown>) {
  provider.person = person;
  const visitor = new Visitor(server.origin);
  const seen = await visitor.signIn();
  return { visitor, seen, me: await visitor.me() };
}

const REFUSED = [303, "/login?reason=oauth"];

test("a sign-in makes an account and a session of our own, and ends where one wanted", async () => {
  provider.person = { sub: "1", preferred_username: "Grace", name: "Grace Hopper" };
  const visitor = new Visitor(server.origin);
  const { status, location } = await visitor.signIn({ next: "/chat?q=a" });
  assertEquals([status, location], [303, "/chat?q=a"]);
  const me = await visitor.me();
  assertEquals([me?.username, me?.name], ["grace", "Grace Hopper"]);
  assertEquals([...visitor.cookies.keys()], ["session"]);
});

test("the request at the provider names client, callback, state, scope and PKCE", async () => {
  const url = new URL(destinationOf(await new Visitor(server.origin).press("oidc")));
  const { state, code_challenge, ...rest } = Object.fromEntries(url.searchParams);
  assertEquals(url.origin + url.pathname, `${provider.issuer}/authorize`);
  assertEquals(rest, {
    client_id: "parley",
    redirect_uri: `${server.origin}/oauth/oidc/callback`,
    response_type: "code",
    scope: "openid profile",
    code_challenge_method: "S256",
  });
  assertMatch(state, /^[\w-]{36,}$/);
  assertMatch(code_challenge, /^[\w-]{43}$/);
});

test("the button of GitHub leads to GitHub, asking for no scope", async () => {
  const url = new URL(destinationOf(await new Visitor(server.origin).press("github")));
  assertEquals(url.origin + url.pathname, "https://github.com/login/oauth/authorize");
  assertEquals(url.searchParams.get("client_id"), "hub");
  assertEquals(url.searchParams.get("redirect_uri"), `${server.origin}/oauth/github/callback`);
  assertEquals(url.searchParams.get("code_challenge_method"), "S256");
  assert(!url.searchParams.has("scope"));
});

test("the button of Google leads to Google, asking for a name and no e-mail", async () => {
  await using own = await startServer({ env: GOOGLE, kvPath: ":memory:" });
  const url = new URL(destinationOf(await new Visitor(own.origin).press("google")));
  assertEquals(url.origin + url.pathname, "https://accounts.google.com/o/oauth2/v2/auth");
  assertEquals(url.searchParams.get("client_id"), "goo");
  assertEquals(url.searchParams.get("scope"), "openid profile");
});

test("the second sign-in of a person finds the account of the first, renamed or not", async () => {
  const first = await signIn({ sub: "twice", preferred_username: "twice" });
  const second = await signIn({ sub: "twice", preferred_username: "other", name: "Other" });
  assertEquals(second.me, first.me);
  assert(second.visitor.cookies.get("session") !== first.visitor.cookies.get("session"));
});

test("two people with the same preferred name get different accounts", async () => {
  const one = await signIn({ sub: "same-1", preferred_username: "same" });
  const other = await signIn({ sub: "same-2", preferred_username: "same" });
  assertEquals([one.me?.username, other.me?.username], ["same", "same2"]);
  assert(one.me?.id !== other.me?.id);
});

test("a provider's login that equals a local username takes nothing over", async () => {
  const { me: local } = await register(server.origin, "admin", "The Admin");
  const { me } = await signIn({ sub: "stranger", preferred_username: "ADMIN" });
  assert(me?.id !== local.id);
  assertEquals(me?.username, "admin2");
  const response = await fetch(`${server.origin}/login`, {
    method: "POST",
    headers: { origin: server.origin },
    body: new URLSearchParams({ username: "admin2", password: PASSWORD }),
    redirect: "manual",
  });
  await response.body?.cancel();
  assertEquals(response.status, 401);
});

test("nobody is sent to another site after a sign-in", async () => {
  const evil = ["//evil.example", "https://evil.example/", "/\\evil.example", "/login?next=//e"];
  for (const next of evil) {
    const { status, location } = await new Visitor(server.origin).signIn({ next });
    assertEquals([status, location], [303, "/chat"], next);
  }
});

test("`success_url` in an address is not believed", async () => {
  const visitor = new Visitor(server.origin);
  const started = await visitor.send("/oauth/oidc?success_url=https://evil.example", {
    method: "POST",
    body: new URLSearchParams(),
    headers: { referer: `${server.origin}/login?success_url=https://evil.example` },
  });
  const answer = await fetch(destinationOf(started), { redirect: "manual" });
  await answer.body?.cancel();
  const callback = `${answer.headers.get("location")}&success_url=https://evil.example`;
  assertEquals((await visitor.send(callback)).location, "/chat");
});

test("a foreign state is refused and spends the sign-in", async () => {
  const visitor = new Visitor(server.origin);
  const callback = new URL(await visitor.passProvider());
  const forged = new URL(callback);
  forged.searchParams.set("state", "f".repeat(43));
  const seen = await visitor.send(forged.href);
  assertEquals([seen.status, seen.location], REFUSED);
  assertEquals((await visitor.send(callback.href)).location, REFUSED[1]);
  assertEquals(await visitor.me(), null);
});

test("a sign-in begun in one browser cannot end in another", async () => {
  provider.person = { sub: "attacker" };
  const callback = await new Visitor(server.origin).passProvider();
  const victim = new Visitor(server.origin);
  assertEquals((await victim.send(callback)).location, REFUSED[1]);
  await victim.passProvider();
  assertEquals((await victim.send(callback)).location, REFUSED[1]);
  assertEquals(await victim.me(), null);
});

test("a replayed callback is refused", async () => {
  provider.person = { sub: "replay" };
  const visitor = new Visitor(server.origin);
  const callback = await visitor.passProvider();
  const before = new Map(visitor.cookies);
  assertEquals((await visitor.send(callback)).location, "/chat");
  const thief = new Visitor(server.origin);
  for (const [name, value] of before) thief.cookies.set(name, value);
  const seen = await thief.send(callback);
  assertEquals([seen.status, seen.location], REFUSED);
  assertEquals(await thief.me(), null);
});

test("a callback without the cookie or without anything is refused", async () => {
  const visitor = new Visitor(server.origin);
  const callback = await visitor.passProvider();
  visitor.cookies.clear();
  for (const address of [callback, "/oauth/oidc/callback"]) {
    const seen = await visitor.send(address);
    assertEquals([seen.status, seen.location], REFUSED);
  }
});

test("who changes their mind at the provider is back at the sign-in page, told so", async () => {
  provider.onceBeforeReturn((url) => {
    url.searchParams.delete("code");
    url.searchParams.set("error", "access_denied");
    url.searchParams.set("error_description", "<b>evil words</b>");
  });
  const visitor = new Visitor(server.origin);
  const { status, location } = await visitor.signIn();
  assertEquals([status, location], REFUSED);
  const { body } = await visitor.send(location!);
  assertStringIncludes(body, "Signing in there did not work.");
  assert(!body.includes("evil words"));
});

test("a provider that does not say who came signs nobody in", async () => {
  for (const person of [{}, { sub: "" }, { sub: 7 }, { sub: "x".repeat(256) }, { sub: "\ud800" }]) {
    const { visitor, seen } = await signIn({ preferred_username: "nobody", ...person });
    assertEquals([seen.status, seen.location], REFUSED);
    assertEquals([...visitor.cookies.keys()].includes("session"), false);
  }
  provider.onceBeforeUserinfo((answer) => answer.statusCode = 500);
  const { seen } = await signIn({ sub: "fine" });
  assertEquals([seen.status, seen.location], REFUSED);
});

test("an unknown provider and one that is not configured do not exist", async () => {
  const visitor = new Visitor(server.origin);
  for (const id of ["google", "constructor", "__proto__", "evil"]) {
    const answers = [
      await visitor.press(id),
      await visitor.send(`/oauth/${id}`),
      await visitor.send(`/oauth/${id}/callback?code=1&state=2`),
    ];
    assertEquals(answers.map(({ status }) => status), [404, 404, 404], id);
  }
});

test("another site cannot press the button", async () => {
  const seen = await new Visitor(server.origin).send("/oauth/oidc", {
    method: "POST",
    body: new URLSearchParams(),
    headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
  });
  assertEquals([seen.status, seen.headers.has("refresh")], [403, false]);
  const typed = await new Visitor(server.origin).send("/oauth/oidc");
  assertEquals([typed.status, typed.location], [303, "/login"]);
});

test("neither browser, database nor log ever hold a token of the provider", async () => {
  const { visitor, seen } = await signIn({ sub: "tokens", preferred_username: "tokens" });
  await visitor.send("/oauth/oidc/callback?code=a-code-to-keep&state=a-state-to-keep");
  assert(provider.tokens.length > 0 && provider.asked.at(-1)?.startsWith("Bearer ey"));
  const shown = [...seen.headers].flat().join("\n") + seen.body + server.errors();
  const kv = await Deno.openKv(server.kvPath);
  const entries = await Array.fromAsync(kv.list({ prefix: [] }));
  kv.close();
  const stored = JSON.stringify(entries, (_, value) => typeof value === "bigint" ? 0 : value);
  assertStringIncludes(stored, "tokens");
  for (const token of [...provider.tokens, "a-code-to-keep", "a-state-to-keep"]) {
    assert(!shown.includes(token) && !stored.includes(token));
  }
  assert(!stored.includes('"site_session"') && !stored.includes('"site_sessions"'));
});

test("a failed sign-in is one line in the log", async () => {
  await using own = await startServer({ env: provider.env });
  await new Visitor(own.origin).send("/oauth/oidc/callback?code=c&state=s");
  await own.stop();
  const lines = own.errors().split("\n").filter((line) => line.includes("Sign-in"));
  assertEquals(lines.length, 1);
  assertMatch(lines[0], /^Sign-in with oidc failed\. "[^"]*NotFound: .+"$/);
});

test("the provider's addresses are fetched once", async () => {
  await signIn({ sub: "once" });
  const before = provider.discoveries;
  await signIn({ sub: "once" });
  assertEquals(provider.discoveries, before);
});

test("a provider that is down sends back to the sign-in page", async () => {
  const env = { ...provider.env, OIDC_ISSUER: "http://127.0.0.1:9" };
  await using own = await startServer({ env });
  const { status, location } = await new Visitor(own.origin).press("oidc");
  assertEquals([status, location], REFUSED);
});

test("behind a proxy that speaks https the cookies are __Host- and the callback is https", async () => {
  const origin = "https://parley.example";
  await using own = await startServer({ env: { ...provider.env, PUBLIC_ORIGIN: origin } });
  provider.person = { sub: "proxied" };
  const visitor = new Visitor(own.origin);
  const headers = { "sec-fetch-site": "same-origin" };
  const started = await visitor.send("/oauth/oidc", {
    method: "POST",
    headers,
    body: new URLSearchParams(),
  });
  assertMatch(started.cookies[0], /^__Host-oauth-session=.+Secure/);
  const answer = await fetch(destinationOf(started), { redirect: "manual" });
  await answer.body?.cancel();
  const callback = new URL(answer.headers.get("location")!);
  assertEquals(callback.origin, origin);
  const { location, cookies } = await visitor.send(callback.pathname + callback.search);
  assertEquals(location, "/chat");
  assertMatch(cookies.at(-1)!, /^__Host-session=.+; Secure$/);
  assertEquals([...visitor.cookies.keys()], ["__Host-session"]);
});

test("closed registration lets in who has an account, and nobody new", async () => {
  await using own = await startServer({ env: provider.env });
  provider.person = { sub: "member", preferred_username: "member" };
  assertEquals((await new Visitor(own.origin).signIn()).location, "/chat");
  await own.stop();
  const env = { ...provider.env, REGISTRATION: "closed" };
  await using closed = await startServer({ env, kvPath: own.kvPath });
  assertEquals((await new Visitor(closed.origin).signIn()).location, "/chat");
  provider.person = { sub: "newcomer", preferred_username: "newcomer" };
  const visitor = new Visitor(closed.origin);
  assertEquals((await visitor.signIn()).location, "/login?reason=closed");
  assertEquals(await visitor.me(), null);
});

test("an address that tries too often has to wait", async () => {
  const env = { ...provider.env, SIGN_INS_PER_MINUTE: "1" };
  await using own = await startServer({ env });
  const visitor = new Visitor(own.origin);
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await visitor.press("oidc")).status);
  statuses.push((await visitor.send("/oauth/oidc/callback")).status);
  assertEquals(statuses, [200, 200, 200, 303]);
  const limited = [await visitor.press("oidc"), await visitor.send("/oauth/oidc/callback")];
  assertEquals(limited.map(({ status }) => status), [429, 429]);
  assertMatch(limited[0].headers.get("retry-after") ?? "", /^\d+$/);
});
