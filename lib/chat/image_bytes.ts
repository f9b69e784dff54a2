/**
 * What can be told of an image from its bytes: its kind whatever its name says, whether it moves,
 * how large it is, and the same image without what a camera or an editor wrote into it, for those that
 * are not drawn anew. Formats: PNG (W3C PNG, third edition), WebP (RFC 9649), JPEG (ITU-T T.81).
 */

import { concat } from "./bytes.ts";

/** Images that are looked into. */
export type ImageKind = "jpeg" | "png" | "gif" | "webp";

/** In pixels. */
export interface ImageSize {
  width: number;
  height: number;
}

/** Bytes from the start of a file that {@link kindOf} needs. */
export const HEAD_BYTES = 12;

/** The kind by the first bytes; null for everything else. */
export function kindOf(head: Uint8Array): ImageKind | null {
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return "jpeg";
  if (textAt(head, 1, 3) === "PNG" && head[0] === 0x89) return "png";
  if (textAt(head, 0, 4) === "GIF8") return "gif";
  if (textAt(head, 0, 4) === "RIFF" && textAt(head, 8, 4) === "WEBP") return "webp";
  return null;
}

/** Whether it is more than one picture. GIF counts as such: it is never drawn anew. */
export function isAnimated(bytes: Uint8Array, kind: ImageKind): boolean {
  if (kind === "gif") return true;
  return kind !== "jpeg" && chunksOf(bytes, kind).some(({ name }) => ANIMATION.has(name));
}

/** Width and height in pixels; null where the bytes do not tell. */
export function sizeOf(bytes: Uint8Array, kind: ImageKind): ImageSize | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (kind === "png") return { width: view.getUint32(16), height: view.getUint32(20) };
    if (kind === "gif") return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
    return kind === "jpeg" ? sizeOfJpeg(bytes, view) : sizeOfWebp(bytes, view);
  } catch (error) {
    if (error instanceof RangeError) return null; // it ends before it tells
    throw error;
  }
}

/** A JPEG, PNG or WebP without what tells of its making; a GIF as it is. */
export function withoutMetadata(
  bytes: Uint8Array<ArrayBuffer>,
  kind: ImageKind,
): Uint8Array<ArrayBuffer> {
  if (kind === "gif") return bytes;
  if (kind === "jpeg") return withoutApplications(bytes);
  const chunks = chunksOf(bytes, kind).filter(({ name }) => !METADATA.has(name));
  const start = bytes.subarray(0, kind === "png" ? 8 : 12);
  const result = concat([start, ...chunks.map((chunk) => kept(bytes, chunk))]);
  if (kind === "webp") new DataView(result.buffer).setUint32(4, result.length - 8, true);
  return result;
}

/** A chunk's bytes; that of a WebP's features does not announce metadata any more. */
function kept(bytes: Uint8Array, { name, from, to }: Chunk): Uint8Array {
  const chunk = bytes.slice(from, to);
  if (name === "VP8X") chunk[8] &= ~(EXIF_FLAG | XMP_FLAG);
  return chunk;
}

const ANIMATION = new Set(["acTL", "ANIM"]);
const METADATA = new Set(["eXIf", "tEXt", "zTXt", "iTXt", "tIME", "EXIF", "XMP "]);
const EXIF_FLAG = 0x08;
const XMP_FLAG = 0x04;

interface Chunk {
  name: string;
  from: number;
  to: number;
}

/** Segments of a JPEG that hold EXIF, XMP, what editors say, and comments. */
const TELLING = new Set([0xe1, 0xed, 0xfe]);

function withoutApplications(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const telling = segmentsOf(bytes).filter(({ marker }) => TELLING.has(marker));
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  for (const { from, to } of telling) {
    parts.push(bytes.subarray(at, from));
    at = to;
  }
  parts.push(bytes.subarray(at));
  return concat(parts);
}

interface Segment {
  marker: number;
  from: number;
  to: number;
}

/** The segments of a JPEG before its first scan; a broken one ends the list. */
function segmentsOf(bytes: Uint8Array): Segment[] {
  const segments: Segment[] = [];
  for (let from = 2; from + 4 <= bytes.length && bytes[from] === 0xff;) {
    const marker = bytes[from + 1];
    if (marker === 0xff) { // filling
      from++;
      continue;
    }
    const to = from + 2 + (bytes[from + 2] << 8) + bytes[from + 3];
    if (!hasLength(marker) || marker === 0xda || to > bytes.length) break;
    segments.push({ marker, from, to });
    from = to;
  }
  return segments;
}

/** Some markers stand alone; in no image they do before the first scan, where they could deceive. */
function hasLength(marker: number): boolean {
  return marker > 0x01 && (marker < 0xd0 || marker > 0xd9);
}

function sizeOfJpeg(bytes: Uint8Array, view: DataView): ImageSize | null {
  const isFrame = (marker: number) =>
    marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
  const frame = segmentsOf(bytes).find(({ marker }) => isFrame(marker));
  if (!frame) return null;
  return { width: view.getUint16(frame.from + 7), height: view.getUint16(frame.from + 5) };
}

function sizeOfWebp(bytes: Uint8Array, view: DataView): ImageSize | null {
  switch (textAt(bytes, 12, 4)) {
    case "VP8 ":
      return {
        width: view.getUint16(26, true) & 0x3fff,
        height: view.getUint16(28, true) & 0x3fff,
      };
    case "VP8L": {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: (bits >>> 14 & 0x3fff) + 1 };
    }
    case "VP8X":
      return {
        width: (view.getUint32(24, true) & 0xffffff) + 1,
        height: (view.getUint32(26, true) >>> 8) + 1,
      };
    default:
      return null;
  }
}

/** The chunks up to the image's end; a broken one ends the list, and what follows is left out. */
function chunksOf(bytes: Uint8Array, kind: "png" | "webp"): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  let from = kind === "png" ? 8 : 12;
  while (from + 8 <= bytes.length) {
    const name = textAt(bytes, kind === "png" ? from + 4 : from, 4);
    const length = kind === "png" ? view.getUint32(from) : view.getUint32(from + 4, true);
    const to = from + (kind === "png" ? 12 + length : 8 + length + length % 2);
    if (to > bytes.length) break;
    chunks.push({ name, from, to });
    if (name === "IEND") break;
    from = to;
  }
  return chunks;
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
