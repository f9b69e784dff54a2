import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { PUSH_HOSTS } from "../../lib/push/hosts.ts";
import { ConfigError, type Environment, readConfig } from "../../lib/config.ts";

function sentenceOf(env: Environment): string {
  return assertThrows(() => readConfig(env), ConfigError).message;
}

Deno.test("an empty environment is a good one", () => {
  assertEquals(readConfig({}), {
    port: 8000,
    host: "0.0.0.0",
    kvPath: "data/parley.kv",
    publicOrigin: null,
    trustProxy: false,
    postsPerSecond: 5,
    signInsPerMinute: 10,
    registration: "open",
    uploads: { maxBytes: 25_000_000, quotaBytes: 2_000_000_000 },
    s3: null,
    oauth: { github: null, google: null, oidc: null },
    push: { subject: null, hosts: PUSH_HOSTS },
  });
});

Deno.test("push services are told the operator's address, or else the site's", () => {
  const PUBLIC_ORIGIN = "https://chat.example.org";
  const subjectOf = (env: Environment) => readConfig(env).push.subject;
  assertEquals(subjectOf({ PUBLIC_ORIGIN }), PUBLIC_ORIGIN);
  assertEquals(subjectOf({ PUBLIC_ORIGIN: "http://localhost:8000" }), null);
  const VAPID_SUBJECT = "mailto:ops@example.org";
  assertEquals(subjectOf({ PUBLIC_ORIGIN, VAPID_SUBJECT }), VAPID_SUBJECT);
});

Deno.test("other push services may be allowed", () => {
  const { push } = readConfig({ PUSH_HOSTS: "push.example.org, *.example.net" });
  assertEquals(push.hosts, ["push.example.org", "*.example.net"]);
});

Deno.test("variables that are set to nothing count as unset", () => {
  const names = ["PORT", "HOST", "DENO_KV_PATH", "PUBLIC_ORIGIN", "TRUST_PROXY", "REGISTRATION"];
  const env = Object.fromEntries(names.map((name) => [name, ""]));
  assertEquals(readConfig(env), readConfig({}));
});

Deno.test("good variables are read", () => {
  const config = readConfig({
    PORT: "0",
    PUBLIC_ORIGIN: "https://chat.example.org/",
    TRUST_PROXY: "1",
    REGISTRATION: "closed",
    DENO_KV_PATH: ":memory:",
    POSTS_PER_SECOND: "100",
    UNRELATED: "x",
  });
  assertEquals([config.port, config.publicOrigin, config.trustProxy, config.registration], [
    0,
    "https://chat.example.org",
    true,
    "closed",
  ]);
  assertEquals([config.kvPath, config.postsPerSecond], [":memory:", 100]);
  assertEquals(readConfig({ TRUST_PROXY: "false" }).trustProxy, false);
});

Deno.test("on Deno Deploy the database is the platform's", () => {
  assertEquals(readConfig({ DENO_DEPLOYMENT_ID: "x" }).kvPath, undefined);
});

Deno.test("each malformed variable makes one sentence that names it", async (t) => {
  const bad: [string, string][] = [
    ["PORT", "http"],
    ["PORT", "-1"],
    ["PORT", "65536"],
    ["PORT", "80.5"],
    ["PORT", " 80"],
    ["PUBLIC_ORIGIN", "chat.example.org"],
    ["PUBLIC_ORIGIN", "ftp://chat.example.org"],
    ["VAPID_SUBJECT", "ops@example.org"],
    ["VAPID_SUBJECT", "http://example.org"],
    ["PUSH_HOSTS", "https://push.example.org"],
    ["PUSH_HOSTS", "http://10.0.0.1:80"],
    ["PUBLIC_ORIGIN", "javascript:alert(1)"],
    ["TRUST_PROXY", "yes"],
    ["POSTS_PER_SECOND", "0"],
    ["POSTS_PER_SECOND", "many"],
    ["SIGN_INS_PER_MINUTE", "1e9"],
    ["REGISTRATION", "maybe"],
    ["OIDC_ISSUER", "accounts.example.org"],
  ];
  for (const [name, value] of bad) {
    await t.step(`${name}=${value}`, () => {
      const message = sentenceOf({ [name]: value });
      assertMatch(message, new RegExp(`^The environment variable ${name} is n[^.]*\\.$`));
      assert(!message.includes("\n"));
    });
  }
});

Deno.test("half of a provider's credentials is a mistake", () => {
  const halves: Environment[] = [
    { GITHUB_CLIENT_ID: "x" },
    { GITHUB_CLIENT_SECRET: "x" },
    { GOOGLE_CLIENT_ID: "x" },
    { GOOGLE_CLIENT_SECRET: "x" },
    { OIDC_ISSUER: "https://id.example.org" },
    { OIDC_CLIENT_ID: "x" },
  ];
  for (const env of halves) {
    const message = sentenceOf(env);
    assertMatch(message, /^\w+ and \w+ must be set together\.$/);
    assert(message.includes(Object.keys(env)[0]), message);
  }
});

Deno.test("whole pairs switch providers on", () => {
  const { oauth } = readConfig({
    GITHUB_CLIENT_ID: "a",
    GITHUB_CLIENT_SECRET: "b",
    OIDC_ISSUER: "https://id.example.org/realm",
    OIDC_CLIENT_ID: "c",
  });
  assertEquals(oauth.github, { clientId: "a", clientSecret: "b" });
  assertEquals(oauth.google, null);
  assertEquals(oauth.oidc, {
    issuer: "https://id.example.org/realm",
    clientId: "c",
    clientSecret: undefined,
    name: "Single sign-on",
  });
});

Deno.test("no message shows the value of a secret", () => {
  const message = sentenceOf({ GITHUB_CLIENT_SECRET: "hunter2" });
  assert(!message.includes("hunter2"));
});

Deno.test("the storage of files is S3 when its bucket and keys are set", () => {
  const keys = { S3_BUCKET: "parley", S3_ACCESS_KEY_ID: "id", S3_SECRET_ACCESS_KEY: "secret" };
  assertEquals(readConfig(keys).s3, {
    endpoint: "https://s3.us-east-1.amazonaws.com",
    bucket: "parley",
    region: "us-east-1",
    accessKeyId: "id",
    secretAccessKey: "secret",
  });
  const own = { ...keys, S3_ENDPOINT: "http://127.0.0.1:9000/", S3_REGION: "here" };
  assertEquals(readConfig(own).s3?.endpoint, "http://127.0.0.1:9000");
});

Deno.test("half of the storage's variables is a mistake that is told", () => {
  const together = "S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be set together.";
  for (const name of ["S3_ENDPOINT", "S3_BUCKET", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"]) {
    const value = name === "S3_ENDPOINT" ? "http://127.0.0.1:9000" : "parley";
    assertThrows(() => readConfig({ [name]: value }), ConfigError, together);
  }
  assertThrows(() => readConfig({ S3_BUCKET: "No Bucket" }), ConfigError, "S3_BUCKET");
  assertThrows(() => readConfig({ S3_ENDPOINT: "ftp://x" }), ConfigError, "S3_ENDPOINT");
});

Deno.test("the size of a file is bounded by what its record can list", () => {
  assertEquals(readConfig({ MAX_UPLOAD_BYTES: "1000" }).uploads.maxBytes, 1_000);
  assertThrows(() => readConfig({ MAX_UPLOAD_BYTES: "1000000001" }), ConfigError, "not between");
  assertThrows(() => readConfig({ UPLOAD_QUOTA_BYTES: "1 GB" }), ConfigError, "whole number");
});
