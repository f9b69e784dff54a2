import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { localPath } from "../../lib/local_path.ts";

Deno.test("paths of this site are kept", () => {
  const good = [
    "/",
    "/chat",
    "/chat/abc?before=3",
    "/chat?q=a%20b&x=//evil.example",
    "/chat#there",
    "/%5cevil.example",
    "/@evil.example",
    "/a:b",
    "/loginx",
  ];
  for (const path of good) assertEquals(localPath(path), path);
});

Deno.test("whatever leads elsewhere leads to the chat instead", () => {
  const bad: unknown[] = [
    "",
    "chat",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/a\\..\\evil",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "/\u0000/evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/%2e%2e//evil.example",
    "/a/..//evil.example",
    "http://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "@evil.example",
    ".evil.example",
    "?q",
    "#x",
    "/" + "x".repeat(500),
    undefined,
    null,
    7,
    ["/chat"],
  ];
  for (const next of bad) assertEquals(localPath(next), "/chat", JSON.stringify(next));
});

Deno.test("the sign-in pages are no place to go after sign-in", () => {
  const pages = ["/login", "/login?next=/login", "/login/", "/login#x", "/register", "/logout"];
  for (const next of [...pages, "/./login", "/x/../logout"]) {
    assertEquals(localPath(next), "/chat", next);
  }
});

Deno.test("whatever comes in, a browser stays on this site", () => {
  const piece = fc.constantFrom(
    "/",
    "\\",
    ".",
    "..",
    "%2e",
    "%2f",
    "%5c",
    "@",
    ":",
    "?",
    "#",
    "\t",
    "\n",
    " ",
    "evil.example",
    "https:",
    "a",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      for (const here of ["https://parley.example", "http://localhost:8000"]) {
        const path = localPath(pieces.join(""));
        assertEquals(new URL(path, here).origin, here, path);
        assert(/^\/(?![/\\])/.test(path), path);
        assertEquals(localPath(path), path);
      }
    }),
    { numRuns: 3_000 },
  );
});
