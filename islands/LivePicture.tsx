/**
 * Makes the choice of a group's picture livelier: an image is made small before it is sent, and shown
 * among the other pictures. What works on images is loaded when one is chosen.
 */

import { useEffect, useRef } from "preact/hooks";
import { followPicture } from "../components/live_picture.ts";

export default function LivePicture() {
  const here = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const field = here.current!.closest<HTMLElement>("[data-picture-field]")!;
    const { px, maxBytes } = field.querySelector<HTMLElement>("input[type=file]")!.dataset;
    return followPicture(field, async (image) => {
      const { squareOf } = await import("../lib/client/files/square.ts");
      return await squareOf(image, { px: Number(px), maxBytes: Number(maxBytes) });
    });
  }, []);
  return <span ref={here} hidden />;
}
