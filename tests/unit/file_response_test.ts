/** Ranges and file names in headers, without a server. */

import { assert, assertEquals } from "@std/assert";
import { normalizeFileName } from "../../lib/chat/text.ts";
import { MAX_FILE_NAME_CHARS } from "../../lib/chat/limits.ts";
import { fileNameParameters, fileResponse, rangeOf } from "../../lib/file_response.ts";
import type { ReadableFile } from "../../lib/store/file_access.ts";

function range(value: string, size = 100, ifRange?: string) {
  const headers = new Headers({ range: value, ...ifRange && { "if-range": ifRange } });
  return rangeOf(headers, { etag: '"now"', size });
}

Deno.test("rangeOf() reads one range of bytes", () => {
  assertEquals(range("bytes=0-0"), { start: 0, end: 1 });
  assertEquals(range("bytes=10-19"), { start: 10, end: 20 });
  assertEquals(range("bytes=90-"), { start: 90, end: 100 });
  assertEquals(range("bytes=90-1000"), { start: 90, end: 100 });
  assertEquals(range("bytes=-10"), { start: 90, end: 100 });
  assertEquals(range("bytes=-1000"), { start: 0, end: 100 });
});

Deno.test("rangeOf() tells what is beyond the end from what is no single range", () => {
  assertEquals(range("bytes=100-"), "unsatisfiable");
  assertEquals(range("bytes=100-200"), "unsatisfiable");
  assertEquals(range("bytes=-0"), "unsatisfiable");
  const others = ["", "bytes=-", "bytes=", "bytes=9-1", "bytes=0-1,3-4", "items=0-1", "bytes=a-b"];
  for (const other of others) assertEquals(range(other), null, other);
  assertEquals(range(`bytes=${"9".repeat(400)}-`), null);
});

Deno.test("rangeOf() keeps a range to the version that it was begun with", () => {
  assertEquals(range("bytes=5-", 100, '"now"'), { start: 5, end: 100 });
  assertEquals(range("bytes=5-", 100, '"before"'), null);
  assertEquals(range("bytes=5-", 100, "Sat, 21 Nov 2026 10:00:00 GMT"), null);
});

Deno.test("a file name cannot leave its place in the header", () => {
  assertEquals(fileNameParameters("a.png"), `filename="a.png"; filename*=UTF-8''a.png`);
  for (
    const name of ['x"; filename="y', "x\r\nset-cookie: a=b", "Zoë 🎺 (1)*'.gif", "\ud800", "%41"]
  ) {
    const value = fileNameParameters(name);
    assert(/^filename="[^"\\\r\n]*"; filename\*=UTF-8''[\w.~!%-]*$/.test(value), value);
    new Headers({ "content-disposition": value });
  }
});

Deno.test("normalizeFileName() keeps one line without folders, and the ending", () => {
  assertEquals(normalizeFileName("C:\\photos\\soup.png"), "soup.png");
  assertEquals(normalizeFileName("/etc/passwd"), "passwd");
  assertEquals(normalizeFileName("re\u202egnp.exe"), "regnp.exe");
  assertEquals(normalizeFileName(" a\n\tb\u0000.txt "), "a b.txt");
  for (const nothing of ["", "..", "/", "\u200b", "a/"]) {
    assertEquals(normalizeFileName(nothing), "file", JSON.stringify(nothing));
  }
  const long = normalizeFileName(`${"💥".repeat(300)}.tar.gz`);
  assertEquals([...long].length, MAX_FILE_NAME_CHARS);
  assert(long.endsWith("💥.tar.gz"));
});

Deno.test("a reader who leaves ends the reading", async () => {
  let read = 0;
  let isEnded = false;
  const file: ReadableFile = {
    name: "a",
    type: "image/png",
    size: 1_000_000,
    hash: "0".repeat(64),
    async *read() {
      try {
        for (; read < 1_000; read++) yield await Promise.resolve(new Uint8Array(1_000));
      } finally {
        isEnded = true;
      }
    },
  };
  const response = fileResponse(new Request("http://localhost/"), file);
  const reader = response.body!.getReader();
  await reader.read();
  await reader.cancel();
  assert(isEnded);
  assert(read < 10, "nothing is read ahead of the reader");
});
