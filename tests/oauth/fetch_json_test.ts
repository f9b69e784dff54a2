import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fetchJson, ProviderError, secureUrl } from "../../lib/oauth/fetch_json.ts";

const URL_ = "https://id.example/userinfo";

Deno.test("secureUrl() takes https, and plain http on this machine only", () => {
  const fine = ["https://a.example/x", "http://localhost:1/", "http://127.0.0.1/", "http://[::1]/"];
  for (const url of fine) assertEquals(secureUrl(url).href, url);
  const refused = [
    "http://a.example/",
    "http://localhost.evil.example/",
    "http://127.0.0.1.evil.example/",
    "ftp://localhost/",
    "file:///etc/passwd",
    "data:application/json,{}",
    "/userinfo",
    "",
  ];
  for (const url of refused) assertThrows(() => secureUrl(url), ProviderError);
});

Deno.test("fetchJson() sends the token as a bearer and follows no redirect", async () => {
  let sent: RequestInit | undefined;
  const fetch = (_: RequestInfo | URL, init?: RequestInit) => {
    sent = init;
    return Promise.resolve(Response.json({ sub: "1" }));
  };
  assertEquals(await fetchJson(URL_, { token: "t0ken", fetch }), { sub: "1" });
  assertEquals(new Headers(sent?.headers).get("authorization"), "Bearer t0ken");
  assertEquals(sent?.redirect, "error");
  assert(sent?.signal);
});

const answers: [name: string, answer: () => Response, message: string][] = [
  ["an error", () => new Response("secret detail", { status: 401 }), "status 401"],
  ["no JSON", () => new Response("<html>"), "No JSON"],
  ["too much", () => new Response("[" + "1,".repeat(40_000) + "1]"), "65536 bytes"],
];

for (const [name, answer, message] of answers) {
  Deno.test(`fetchJson() refuses ${name}, and does not tell the token`, async () => {
    const fetch = () => Promise.resolve(answer());
    const error = await assertRejects(
      () => fetchJson(`${URL_}?key=qu3ry`, { token: "t0ken", fetch }),
      ProviderError,
      message,
    );
    assert(!/t0ken|qu3ry|secret/.test(error.message), error.message);
  });
}

Deno.test("fetchJson() gives up on a provider that does not answer", async () => {
  const fetch = (_: RequestInfo | URL, init?: RequestInit) => {
    assert(init?.signal instanceof AbortSignal);
    return Promise.reject(new DOMException("Signal timed out.", "TimeoutError"));
  };
  await assertRejects(() => fetchJson(URL_, { fetch }), ProviderError, "Signal timed out.");
});
