import { assert, assertEquals } from "@std/assert";
import { isAnimated, kindOf, withoutMetadata } from "../../../../lib/client/files/image_bytes.ts";

const text = (bytes: Uint8Array) => String.fromCharCode(...bytes);
const bytesOf = (value: string) => Uint8Array.from(value, (char) => char.charCodeAt(0));

function number(value: number, little: boolean): string {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, little);
  return text(bytes);
}

const PNG_START = "\x89PNG\r\n\x1a\n";
const pngChunk = (name: string, data: string) => number(data.length, false) + name + data + "crc!";

function webp(...chunks: [string, string][]): Uint8Array<ArrayBuffer> {
  const body = chunks.map(([name, data]) =>
    name + number(data.length, true) + data + (data.length % 2 ? "\0" : "")
  ).join("");
  return bytesOf(`RIFF${number(body.length + 4, true)}WEBP${body}`);
}

Deno.test("kindOf() goes by the bytes", () => {
  assertEquals(kindOf(bytesOf("\xff\xd8\xff\xe0")), "jpeg");
  assertEquals(kindOf(bytesOf(PNG_START)), "png");
  assertEquals(kindOf(bytesOf("GIF89a")), "gif");
  assertEquals(kindOf(webp()), "webp");
  for (const other of ["", "RIFF....WAVE", "%PDF-1.7", "<svg>"]) {
    assertEquals(kindOf(bytesOf(other)), null, other);
  }
});

Deno.test("isAnimated() tells moving PNG and WebP from still ones", () => {
  const still = bytesOf(PNG_START + pngChunk("IHDR", "x") + pngChunk("IEND", ""));
  const moving = bytesOf(PNG_START + pngChunk("acTL", "12345678") + pngChunk("IEND", ""));
  assertEquals([isAnimated(still, "png"), isAnimated(moving, "png")], [false, true]);
  assertEquals(isAnimated(webp(["VP8 ", "data"]), "webp"), false);
  assertEquals(isAnimated(webp(["VP8X", "1234567890"], ["ANIM", "123456"]), "webp"), true);
  assertEquals(isAnimated(bytesOf("GIF89a"), "gif"), true);
});

Deno.test("withoutMetadata() takes EXIF, XMP and texts out of a PNG and what follows its end", () => {
  const bytes = bytesOf(
    PNG_START + pngChunk("IHDR", "head") + pngChunk("eXIf", "GPS") + pngChunk("acTL", "12345678") +
      pngChunk("iTXt", "XML:com.adobe.xmp") + pngChunk("IDAT", "data") + pngChunk("IEND", "") +
      "GPS behind the end",
  );
  const result = text(withoutMetadata(bytes, "png"));
  assertEquals(
    result,
    PNG_START + pngChunk("IHDR", "head") + pngChunk("acTL", "12345678") +
      pngChunk("IDAT", "data") + pngChunk("IEND", ""),
  );
});

Deno.test("withoutMetadata() takes EXIF and XMP out of a WebP, its flags and its size too", () => {
  const all = "\x1e"; // alpha, EXIF, XMP, animation
  const bytes = webp(["VP8X", `${all}123456789`], ["ANIM", "123456"], ["EXIF", "GPS"], [
    "XMP ",
    "GPS!",
  ]);
  const result = withoutMetadata(bytes, "webp");
  assertEquals(result, webp(["VP8X", "\x12123456789"], ["ANIM", "123456"]));
  assert(!text(result).includes("GPS"));
});

Deno.test("withoutMetadata() leaves a broken chunk out and throws at nothing", () => {
  const broken = bytesOf(PNG_START + pngChunk("IHDR", "head") + number(4_000_000_000, false) + "x");
  assertEquals(text(withoutMetadata(broken, "png")), PNG_START + pngChunk("IHDR", "head"));
  assertEquals(text(withoutMetadata(bytesOf("GIF89a…"), "gif")).slice(0, 6), "GIF89a");
});
