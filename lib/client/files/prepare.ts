/**
 * Makes a chosen file ready to be uploaded. Still images are drawn anew: at most
 * {@link MAX_EDGE_PX} long, upright, and without anything that their camera wrote into them, such
 * as where they were taken. Moving ones stay as they are, without that. Images and videos get
 * their size in pixels, so that a message list can hold their place.
 */

import {
  HEAD_BYTES,
  type ImageKind,
  isAnimated,
  kindOf,
  withoutMetadata,
} from "../../chat/image_bytes.ts";
import { decode } from "./decode.ts";
import type { PendingFile } from "./pending_file.ts";

/** Longest edge of an uploaded image, in pixels. */
export const MAX_EDGE_PX = 2_560;
/** Quality of what is drawn anew: of an image that was made smaller, and of one that was not. */
const QUALITY = { smaller: 0.85, same: 0.92 };
/** A PNG above this, in bytes, is tried as WebP, where the browser can write it. */
const BIG_PNG_BYTES = 2_000_000;
/** Milliseconds that a video may take to tell its size. */
const MEASURE_MS = 5_000;

/** The file as it is to be uploaded, `raw` no more. */
export async function prepare(file: PendingFile, signal: AbortSignal): Promise<PendingFile> {
  const blob = file.blob;
  if (!blob) return file;
  const kind = kindOf(new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer()));
  signal.throwIfAborted();
  if (kind) return { ...file, ...await prepareImage(blob, { kind, name: file.name }) };
  if (/^image\/(?!svg)/.test(file.type)) return { ...file, ...await prepareOther(blob, file.name) };
  if (file.type.startsWith("video/")) return { ...file, ...await measureVideo(blob) };
  return file;
}

/** The size that fits the longest edge; never larger than it is. */
export function fitSize(
  { width, height }: { width: number; height: number },
): { width: number; height: number } {
  const scale = Math.min(1, MAX_EDGE_PX / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** The name with the ending of the type that the file has now. */
export function nameFor(name: string, type: string): string {
  const ending = ENDINGS[type];
  if (!ending || ending.test(name)) return name;
  return `${name.replace(/\.\w{1,5}$/, "")}.${type.slice("image/".length).replace("jpeg", "jpg")}`;
}

const ENDINGS: Record<string, RegExp> = {
  "image/jpeg": /\.jpe?g$/i,
  "image/png": /\.png$/i,
  "image/webp": /\.webp$/i,
};

type Ready = Pick<PendingFile, "name" | "type" | "size" | "blob" | "width" | "height" | "kept">;

async function prepareImage(
  blob: Blob,
  { kind, name }: { kind: ImageKind; name: string },
): Promise<Ready> {
  const type = `image/${kind}`;
  const bitmap = await decode(blob);
  if (!bitmap) return ready(blob, { name, type: blob.type, kept: true });
  const { width, height } = bitmap;
  try {
    const bytes = kind === "jpeg" ? null : new Uint8Array(await blob.arrayBuffer());
    if (bytes && isAnimated(bytes, kind)) {
      const still = new Blob([withoutMetadata(bytes, kind)], { type });
      return ready(still, { name, type, width, height });
    }
    return await redraw(bitmap, { name, type });
  } finally {
    bitmap.close();
  }
}

/** Formats that a browser may read and does not write, such as AVIF or HEIC. */
async function prepareOther(blob: Blob, name: string): Promise<Ready> {
  const bitmap = await decode(blob);
  if (!bitmap) return ready(blob, { name, type: blob.type, kept: true });
  try {
    return await redraw(bitmap, { name, type: "image/webp" });
  } finally {
    bitmap.close();
  }
}

async function redraw(
  bitmap: ImageBitmap,
  { name, type }: { name: string; type: string },
): Promise<Ready> {
  const { width, height } = fitSize(bitmap);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This image is too big for this browser.");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  const quality = width < bitmap.width ? QUALITY.smaller : QUALITY.same;
  let drawn = await canvas.convertToBlob({ type, quality });
  if (drawn.type === "image/png" && drawn.size > BIG_PNG_BYTES) {
    const webp = await canvas.convertToBlob({ type: "image/webp", quality: QUALITY.same });
    if (webp.type === "image/webp" && webp.size < drawn.size) drawn = webp;
  }
  return ready(drawn, { name: nameFor(name, drawn.type), type: drawn.type, width, height });
}

function ready(blob: Blob, parts: Omit<Ready, "blob" | "size">): Ready {
  return { blob, size: blob.size, ...parts };
}

/** The size of a video, if it tells it soon. */
async function measureVideo(blob: Blob): Promise<{ width?: number; height?: number }> {
  const video = document.createElement("video");
  const url = URL.createObjectURL(blob);
  try {
    await new Promise<void>((resolve) => {
      setTimeout(resolve, MEASURE_MS);
      video.onloadedmetadata = video.onerror = () => resolve();
      video.preload = "metadata";
      video.src = url;
    });
    const { videoWidth: width, videoHeight: height } = video;
    return width > 0 && height > 0 ? { width, height } : {};
  } finally {
    video.removeAttribute("src");
    URL.revokeObjectURL(url);
  }
}
