/** Types by bytes: the table, the containers that hold either, and what only looks like one. */

import { assertEquals } from "@std/assert";
import { digest } from "../../lib/store/sha256.ts";
import { sniff } from "../../lib/store/sniff.ts";

function bytes(latin1: string): Uint8Array {
  return Uint8Array.from(latin1, (char) => char.charCodeAt(0));
}

function iso(brand: string, ...others: string[]): string {
  const size = 16 + 4 * others.length;
  return `\0\0\0${String.fromCharCode(size)}ftyp${brand}\0\0\0\0${others.join("")}\0\0\0\x08free`;
}
const EBML = "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm";

Deno.test("sniff() knows the types that open inline by their first bytes", () => {
  const table: [head: string, type: string][] = [
    ["\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"],
    ["\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"],
    ["GIF87a..", "image/gif"],
    ["GIF89a..", "image/gif"],
    ["RIFF\x10\0\0\0WEBPVP8 ", "image/webp"],
    [iso("avif", "mif1", "miaf"), "image/avif"],
    [iso("mif1", "avif"), "image/avif"],
    [iso("isom", "iso2", "mp41"), "video/mp4"],
    [iso("mp42", "isom"), "video/mp4"],
    [iso("M4A ", "mp42", "isom"), "audio/mp4"],
    [iso("qt  ", "qt  "), "video/quicktime"],
    [`${EBML}\x42\x87 …\x86\x85V_VP9`, "video/webm"],
    [`${EBML}\x42\x87 …\x86\x86A_OPUS`, "audio/webm"],
    ["OggS\0\x02 … OpusHead", "audio/ogg"],
    ["ID3\x04\0\0", "audio/mpeg"],
    ["\xff\xfb\x90\x64", "audio/mpeg"],
    ["RIFF\x10\0\0\0WAVEfmt ", "audio/wav"],
    ["fLaC\0\0\0\x22", "audio/flac"],
    ["%PDF-1.7\n", "application/pdf"],
  ];
  for (const [head, type] of table) assertEquals(sniff(bytes(head)), type, head);
});

Deno.test("sniff() believes a claim only where a container may hold either", () => {
  const claimed = "audio/mp4;codecs=opus";
  assertEquals(sniff(bytes(iso("isom")), { claimed }), "audio/mp4");
  assertEquals(sniff(bytes(EBML), { claimed: "audio/webm" }), "audio/webm");
  assertEquals(sniff(bytes(EBML)), "video/webm");
  assertEquals(sniff(bytes(`${EBML} V_VP8`), { claimed: "audio/webm" }), "video/webm");
  assertEquals(sniff(bytes("\x89PNG\r\n\x1a\n"), { claimed: "text/html" }), "image/png");
  assertEquals(sniff(bytes("nothing"), { claimed: "image/png" }), "application/octet-stream");
});

Deno.test("sniff() takes nothing for what it only resembles", () => {
  const unknown = [
    "",
    "\x89PNG",
    " %PDF-1.7",
    "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "RIFF\x10\0\0\0AVI LIST",
    iso("heic", "mif1"),
    iso("3gp4"),
    "\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska",
    "\xff\xfe<\0h\0", // UTF-16
    "\xff\xff\xff\xff",
    "MZ\x90\0",
    "PK\x03\x04",
    iso("__proto__".slice(0, 4)),
  ];
  for (const head of unknown) assertEquals(sniff(bytes(head)), "application/octet-stream", head);
  assertEquals(sniff(bytes("<script>"), { isText: true }), "text/plain");
});

async function digestOf(...parts: Uint8Array[]) {
  return await digest(ReadableStream.from(parts));
}

Deno.test("digest() is SHA-256, whatever the parts", async () => {
  const { hash, size, head } = await digestOf(bytes("ab"), bytes(""), bytes("c"));
  assertEquals(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assertEquals([size, new TextDecoder().decode(head)], [3, "abc"]);
  assertEquals((await digestOf()).hash.slice(0, 8), "e3b0c442");
});

Deno.test("digest() tells text from bytes, also where a letter is cut in two", async () => {
  const soup = new TextEncoder().encode("Suppe 🍜\n\tä");
  assertEquals((await digestOf(soup.subarray(0, 8), soup.subarray(8))).isText, true);
  assertEquals((await digestOf(soup.subarray(0, 8))).isText, false);
  assertEquals((await digestOf(soup, bytes("\0"))).isText, false);
  assertEquals((await digestOf(soup, bytes("\xff"))).isText, false);
  assertEquals((await digestOf(bytes("x".repeat(9_000)), bytes("\x1b[31m"))).isText, false);
});
