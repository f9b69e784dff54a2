/**
 * Makes the picture of a group: the middle of an image as a small square, drawn anew, so that nothing
 * is left of what a camera wrote into it. Opaque, on white: there is something else behind it.
 */

import { decode } from "./decode.ts";

/** Tried one after the other until it is small enough. */
const QUALITIES = [0.88, 0.7, 0.4];

/** The longest side in pixels, and the most bytes. */
export interface SquareLimits {
  px: number;
  maxBytes: number;
}

/** The square as a JPEG; null for what this browser cannot read. */
export async function squareOf(image: File, limits: SquareLimits): Promise<File | null> {
  const bitmap = await decode(image);
  if (!bitmap) return null;
  try {
    const name = `${image.name.replace(/\.\w{1,5}$/, "")}.jpg`;
    return new File([await draw(bitmap, limits)], name, { type: "image/jpeg" });
  } finally {
    bitmap.close();
  }
}

/** What of an image is taken, and how large it becomes: never larger than it is. */
export function middleOf(
  { width, height }: { width: number; height: number },
  most: number,
): { x: number; y: number; side: number; px: number } {
  const side = Math.min(width, height);
  const [x, y] = [width, height].map((length) => Math.floor((length - side) / 2));
  return { x, y, side, px: Math.min(side, most) };
}

async function draw(bitmap: ImageBitmap, limits: SquareLimits): Promise<Blob> {
  const { x, y, side, px } = middleOf(bitmap, limits.px);
  const canvas = new OffscreenCanvas(px, px);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("There is no canvas");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, px, px);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, x, y, side, side, 0, 0, px, px);
  for (const quality of QUALITIES) {
    const drawn = await canvas.convertToBlob({ type: "image/jpeg", quality });
    if (drawn.size <= limits.maxBytes) return drawn;
  }
  throw new Error("The square is too large");
}
