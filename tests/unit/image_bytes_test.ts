import { assert, assertEquals } from "@std/assert";
import { isAnimated, kindOf, sizeOf, withoutMetadata } from "../../lib/chat/image_bytes.ts";

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

const SOF = "\xff\xc0\x00\x0b\x08\x01\x00\x02\x00\x01\x01\x11\x00"; // 512 wide, 256 high
const SOS = "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00";
const jpeg = (...segments: string[]) => bytesOf(`\xff\xd8${segments.join("")}${SOS}data\xff\xd9`);
const exif = "\xff\xe1\x00\x0dExif\0\0where";

Deno.test("sizeOf() reads width and height of every kind", () => {
  const header = number(300, false) + number(200, false) + "\x08\x02\0\0\0";
  assertEquals(sizeOf(bytesOf(PNG_START + pngChunk("IHDR", header)), "png"), {
    width: 300,
    height: 200,
  });
  assertEquals(sizeOf(jpeg(exif, SOF), "jpeg"), { width: 512, height: 256 });
  assertEquals(sizeOf(bytesOf("GIF89a\x0a\x00\x14\x00"), "gif"), { width: 10, height: 20 });
  const lossy = "\x30\x01\x00\x9d\x01\x2a\x40\x01\xf0\x00";
  assertEquals(sizeOf(webp(["VP8 ", lossy]), "webp"), { width: 320, height: 240 });
  // 14 bits of the width less one, then 14 of the height less one.
  const lossless = "\x2f" + number(319 | 239 << 14, true);
  assertEquals(sizeOf(webp(["VP8L", lossless]), "webp"), { width: 320, height: 240 });
  const extended = "\x10\0\0\0" + "\x3f\x01\0" + "\xef\0\0";
  assertEquals(sizeOf(webp(["VP8X", extended]), "webp"), { width: 320, height: 240 });
});

Deno.test("sizeOf() does not guess what broken bytes hide", () => {
  assertEquals(sizeOf(bytesOf(PNG_START), "png"), null);
  assertEquals(sizeOf(webp(["ALPH", "x"]), "webp"), null);
  assertEquals(sizeOf(webp(["VP8X", ""]), "webp"), null);
  assertEquals(sizeOf(bytesOf("\xff\xd8\xff\xc0"), "jpeg"), null);
  assertEquals(sizeOf(jpeg(), "jpeg"), null, "nothing of it before the scan");
  // A marker without a length, whose following bytes look like the length of one.
  assertEquals(sizeOf(jpeg("\xff\x01", SOF), "jpeg"), null);
  assertEquals(sizeOf(jpeg("\xff\xd0", SOF), "jpeg"), null);
});

Deno.test("withoutMetadata() leaves of a JPEG the picture alone", () => {
  const editor = "\xff\xed\x00\x05abc";
  const comment = "\xff\xfe\x00\x05abc";
  assertEquals(withoutMetadata(jpeg(exif, editor, SOF, comment), "jpeg"), jpeg(SOF));
  assertEquals(withoutMetadata(jpeg(SOF), "jpeg"), jpeg(SOF));
});
