/** Pictures and sounds for browser tests: drawn by the browser itself, or made in code. */

import { Buffer } from "node:buffer";
import type { Page } from "playwright-core";

/** A file as a file field takes it. */
export interface TestFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A picture of this size, its left half red and its right half blue. */
export async function drawn(
  page: Page,
  { name = "picture.png", type = "image/png", width = 600, height = 400 } = {},
): Promise<TestFile> {
  const bytes = await page.evaluate(async ({ type, width, height }) => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d")!;
    context.fillStyle = "#c22";
    context.fillRect(0, 0, width / 2, height);
    context.fillStyle = "#22c";
    context.fillRect(width / 2, 0, width / 2, height);
    const blob = await canvas.convertToBlob({ type, quality: 0.9 });
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, { type, width, height });
  return { name, mimeType: type, buffer: Buffer.from(bytes) };
}

/** A JPEG as a phone takes it that was held upright: lying on its side, and saying where it was. */
export async function phonePhoto(page: Page, size: { width: number; height: number }) {
  const photo = await drawn(page, { name: "IMG_0001.jpg", type: "image/jpeg", ...size });
  return { ...photo, buffer: withExif(photo.buffer) };
}

/** The JPEG with EXIF that turns it by 90° (orientation 6) and has a place in it. */
function withExif(jpeg: Buffer): Buffer {
  const tiff = Buffer.concat([
    Buffer.from("MM\0*\0\0\0\x08", "latin1"),
    ifd([
      [0x0112, 3, 1, Buffer.from([0, 6, 0, 0])], // orientation
      [0x8825, 4, 1, number(8 + 2 + 2 * 12 + 4)], // where the GPS directory is
    ]),
    ifd([
      [0x0001, 2, 2, Buffer.from("N\0\0\0", "latin1")],
      [0x001b, 7, 4, Buffer.from("GPS!", "latin1")],
    ]),
  ]);
  const exif = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  const marker = Buffer.from([0xff, 0xe1, (exif.length + 2) >> 8, (exif.length + 2) & 0xff]);
  return Buffer.concat([jpeg.subarray(0, 2), marker, exif, jpeg.subarray(2)]);
}

type Field = [tag: number, type: number, count: number, value: Buffer];

function ifd(fields: Field[]): Buffer {
  const entries = fields.map(([tag, type, count, value]) =>
    Buffer.concat([short(tag), short(type), number(count), value])
  );
  return Buffer.concat([short(fields.length), ...entries, number(0)]);
}

function short(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

function number(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

/** A tone as a WAV file of 8 kHz. */
export function tone(seconds: number, name = "tone.wav"): TestFile {
  const rate = 8_000;
  const data = Buffer.alloc(seconds * rate);
  for (let at = 0; at < data.length; at++) data[at] = 128 + 60 * Math.sin(at / 4);
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write("data", 36);
  header.writeUInt32LE(data.length, 40);
  return { name, mimeType: "audio/wav", buffer: Buffer.concat([header, data]) };
}

/** A film of a second, recorded from a canvas. */
export async function film(page: Page, name = "film.webm"): Promise<TestFile> {
  const bytes = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    canvas.width = 320;
    canvas.height = 180;
    const context = canvas.getContext("2d")!;
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm" });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((resolve) => recorder.onstop = resolve);
    recorder.start();
    for (let frame = 0; frame < 20; frame++) {
      context.fillStyle = `hsl(${frame * 18} 80% 50%)`;
      context.fillRect(0, 0, 320, 180);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    recorder.stop();
    await stopped;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  });
  return { name, mimeType: "video/webm", buffer: Buffer.from(bytes) };
}

/** A PDF of one empty page. */
export function pdf(name = "report.pdf"): TestFile {
  const text = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" +
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF";
  return { name, mimeType: "application/pdf", buffer: Buffer.from(text) };
}
