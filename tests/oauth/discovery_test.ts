import { assertEquals, assertRejects } from "@std/assert";
import { Discovery } from "../../lib/oauth/discovery.ts";
import { ProviderError } from "../../lib/oauth/fetch_json.ts";

const ISSUER = "https://id.example/realm";

function documentOf(change: Record<string, unknown> = {}) {
  return {
    issuer: ISSUER,
    authorization_endpoint: `${ISSUER}/authorize`,
    token_endpoint: `${ISSUER}/token`,
    userinfo_endpoint: `${ISSUER}/userinfo`,
    ...change,
  };
}

/** A discovery whose fetches are counted and answered by `answer`. */
function open(answer: () => Response | Promise<Response>) {
  const asked: string[] = [];
  const clock = { now: 0 };
  const fetch = (input: RequestInfo | URL) => {
    asked.push(String(input));
    return Promise.resolve().then(answer);
  };
  return { discovery: new Discovery({ fetch, now: () => clock.now }), asked, clock };
}

Deno.test("Discovery asks below the issuer's path, with or without a slash at its end", async () => {
  for (const issuer of [ISSUER, `${ISSUER}/`]) {
    const { discovery, asked } = open(() => Response.json(documentOf()));
    assertEquals(await discovery.get(issuer), {
      authorization: `${ISSUER}/authorize`,
      token: `${ISSUER}/token`,
      userinfo: `${ISSUER}/userinfo`,
    });
    assertEquals(asked, [`${ISSUER}/.well-known/openid-configuration`]);
  }
});

Deno.test("Discovery fetches once an hour, also when asked at the same time", async () => {
  const { discovery, asked, clock } = open(() => Response.json(documentOf()));
  await Promise.all([discovery.get(ISSUER), discovery.get(ISSUER)]);
  clock.now = 59 * 60_000;
  await discovery.get(ISSUER);
  assertEquals(asked.length, 1);
  clock.now = 60 * 60_000;
  await discovery.get(ISSUER);
  assertEquals(asked.length, 2);
});

Deno.test("Discovery tries again after a failure", async () => {
  const answers = [new Response("down", { status: 503 }), Response.json(documentOf())];
  const { discovery } = open(() => answers.shift()!);
  await assertRejects(() => discovery.get(ISSUER), ProviderError, "status 503");
  assertEquals((await discovery.get(ISSUER)).token, `${ISSUER}/token`);
});

const bad: [name: string, change: Record<string, unknown>][] = [
  ["of another issuer", { issuer: "https://evil.example" }],
  ["without userinfo", { userinfo_endpoint: undefined }],
  ["with a plain http token endpoint", { token_endpoint: "http://id.example/token" }],
  ["with a javascript: address", { authorization_endpoint: "javascript:alert(1)" }],
  ["with no address", { userinfo_endpoint: "/userinfo" }],
];

for (const [name, change] of bad) {
  Deno.test(`Discovery refuses a document ${name}`, async () => {
    const { discovery } = open(() => Response.json(documentOf(change)));
    await assertRejects(() => discovery.get(ISSUER), ProviderError);
  });
}
