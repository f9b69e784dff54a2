/** Reads images as this browser can. */

/** The image, upright; null when this browser cannot read it. */
export async function decode(blob: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(blob, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
}
