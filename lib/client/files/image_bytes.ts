/**
 * What can be told of an image from its bytes: its kind whatever its name says, whether it moves,
 * and, for those that cannot be drawn anew because they move, the same image without what a camera
 * or an editor wrote into it. Formats: PNG (W3C PNG, third edition) and WebP (RFC 9649).
 */

/** Images that are looked into. */
export type ImageKind = "jpeg" | "png" | "gif" | "webp";

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

/** A PNG or WebP without the chunks that tell of its making; other kinds as they are. */
export function withoutMetadata(
  bytes: Uint8Array<ArrayBuffer>,
  kind: ImageKind,
): Uint8Array<ArrayBuffer> {
  if (kind !== "png" && kind !== "webp") return bytes;
  const chunks = chunksOf(bytes, kind).filter(({ name }) => !METADATA.has(name));
  const start = kind === "png" ? 8 : 12;
  const size = chunks.reduce((sum, { from, to }) => sum + to - from, start);
  const result = new Uint8Array(size);
  result.set(bytes.subarray(0, start));
  let at = start;
  for (const { from, to, name } of chunks) {
    result.set(bytes.subarray(from, to), at);
    if (name === "VP8X") result[at + 8] &= ~(EXIF_FLAG | XMP_FLAG);
    at += to - from;
  }
  if (kind === "webp") new DataView(result.buffer).setUint32(4, size - 8, true);
  return result;
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
