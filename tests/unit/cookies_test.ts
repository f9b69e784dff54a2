import { assert, assertEquals } from "@std/assert";
import { clearedCookie, readCookie, readToken, sessionCookie } from "../../lib/auth.ts";
import type { Caller } from "../../lib/caller.ts";

const secure: Caller = { origin: "https://a.example", secure: true, address: "1.1.1.1" };
const plain: Caller = { origin: "http://localhost", secure: false, address: "1.1.1.1" };

function withCookie(cookie: string): Request {
  return new Request("http://localhost/", { headers: { cookie } });
}

/** Name, value and attributes of a `Set-Cookie`. */
function parts(cookie: string): string[] {
  return cookie.split("; ");
}

Deno.test("on https the session's cookie is bound to the host and never sent in the clear", () => {
  const [pair, ...attributes] = parts(sessionCookie("token", secure));
  assertEquals(pair, "__Host-session=token");
  assertEquals(attributes.toSorted(), [
    "HttpOnly",
    "Max-Age=2592000",
    "Path=/",
    "SameSite=Lax",
    "Secure",
  ]);
});

Deno.test("without https the cookie has no name or attribute that browsers would refuse", () => {
  const [pair, ...attributes] = parts(sessionCookie("token", plain));
  assertEquals(pair, "session=token");
  assert(attributes.includes("HttpOnly") && !attributes.includes("Secure"));
});

Deno.test("a cleared cookie replaces the one that was set", () => {
  for (const caller of [secure, plain]) {
    const [set, cleared] = [parts(sessionCookie("t", caller)), parts(clearedCookie(caller))];
    assertEquals(cleared[0], set[0].replace("=t", "="));
    assert(cleared.includes("Max-Age=0"));
    const others = (all: string[]) => all.slice(1).filter((one) => !one.startsWith("Max-Age"));
    assertEquals(others(cleared), others(set));
  }
});

Deno.test("on https a cookie that a subdomain or a plain page could set is not believed", () => {
  assertEquals(readToken(withCookie("session=planted"), secure), null);
  assertEquals(readToken(withCookie("session=planted; __Host-session=real"), secure), "real");
});

Deno.test("readCookie() finds a cookie by its whole name", () => {
  const cases: [string, string | null][] = [
    ["a=1", "1"],
    ["b=2; a=1; c=3", "1"],
    ["b=2;a=1", "1"],
    [" a=1 ", "1"],
    ["aa=2; xa=3", null],
    ["a=", null],
    ["a", null],
    ["", null],
    ["A=1", null],
    ["b=a=1", null],
    ["a=1; a=2", "1"],
  ];
  for (const [header, value] of cases) {
    assertEquals(readCookie(withCookie(header), "a"), value, JSON.stringify(header));
  }
  assertEquals(readCookie(new Request("http://localhost/"), "a"), null);
});
