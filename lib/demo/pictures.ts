/**
 * The demo's photos, drawn point by point: an evening at a harbour, in a light of one's choice. No
 * picture of anybody's is shipped.
 */

type Color = readonly [red: number, green: number, blue: number];

/** An evening. */
export interface Scene {
  width: number;
  height: number;
  /** The sky from its top to the horizon. */
  sky: readonly [Color, Color];
  sea: Color;
  /** Where the sun stands, across and from the top, as parts of the picture. */
  sun: readonly [x: number, y: number];
  /** Boats, from left to right, as parts of the width. */
  boats: readonly number[];
}

const HORIZON = 0.58;
const SUN: Color = [255, 236, 190];
const LAND: Color = [38, 44, 62];

/** The scene as a PNG. */
export async function drawScene(scene: Scene): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height } = scene;
  const rows = new Uint8Array(height * (1 + width * 3));
  for (let y = 0, at = 0; y < height; y++) {
    rows[at++] = 0; // no filter
    for (let x = 0; x < width; x++) {
      const color = colorAt(scene, x / width, y / height);
      for (const part of color) rows[at++] = Math.max(0, Math.min(255, Math.round(part)));
    }
  }
  return await encodePng(width, height, rows);
}

function colorAt(scene: Scene, x: number, y: number): Color {
  const isSea = y > HORIZON;
  const up = isSea ? 2 * HORIZON - y + ripple(x, y) : y; // water shows what is above it
  const base = isBoat(scene, x, y) || isHill(x, up) ? LAND : skyAt(scene, x, up);
  return isSea ? mix(base, scene.sea, 0.35 + 0.4 * (y - HORIZON)) : base;
}

function skyAt({ sky: [top, low], sun: [sunX, sunY], width, height }: Scene, x: number, y: number) {
  const air = mix(top, low, Math.max(0, Math.min(1, y / HORIZON)));
  const far = Math.hypot((x - sunX) * width / height, y - sunY);
  return far < 0.055 ? SUN : mix(air, SUN, 0.55 * Math.exp(-far * 7));
}

function isHill(x: number, y: number): boolean {
  const top = HORIZON - 0.05 - 0.045 * Math.sin(x * 5 + 1) - 0.02 * Math.sin(x * 17);
  return y > top && y <= HORIZON && x < 0.62 + 0.1 * Math.sin(y * 9);
}

function isBoat({ boats, width, height }: Scene, x: number, y: number): boolean {
  return boats.some((boat, i) => {
    const size = 0.05 + 0.02 * (i % 3);
    const [dx, dy] = [(x - boat) * width / height / size, (y - HORIZON - 0.06 - 0.03 * i) / size];
    const isHull = dy > -0.15 && dy < 0.2 && Math.abs(dx) < 1 - dy;
    const isMast = Math.abs(dx) < 0.04 && dy < 0 && dy > -2;
    const isSail = dx > 0.08 && dy < -0.25 && dx < (dy + 1.9) * 0.55;
    return isHull || isMast || isSail;
  });
}

function ripple(x: number, y: number): number {
  const depth = y - HORIZON;
  return depth * 0.22 * Math.sin(90 * Math.sqrt(depth + 0.01) * 3 + 6 * Math.sin(x * 7 + y * 40));
}

function mix(a: Color, b: Color, part: number): Color {
  return [0, 1, 2].map((i) => a[i] + (b[i] - a[i]) * part) as unknown as Color;
}

async function encodePng(
  width: number,
  height: number,
  rows: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 2], 8); // eight bits of each of three colours
  const packed = new Blob([rows]).stream().pipeThrough(new CompressionStream("deflate"));
  const data = new Uint8Array(await new Response(packed).arrayBuffer());
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    pngChunk("IHDR", header),
    pngChunk("IDAT", data),
    pngChunk("IEND", new Uint8Array()),
  ];
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function pngChunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(data.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(new TextEncoder().encode(type), 4);
  chunk.set(data, 8);
  view.setUint32(data.length + 8, crc32(chunk.subarray(4, data.length + 8)));
  return chunk;
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
