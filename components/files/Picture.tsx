/** A picture of a message. Its width and height are known, so its place is there before it is. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { FileRef } from "../../lib/chat/file_refs.ts";
import { cx } from "../cx.ts";
import { openLightbox } from "./Lightbox.tsx";

interface PictureProps {
  file: FileRef;
  url: string;
  /** Where those are that come after it. */
  page?: string;
  /** It is only there for the large view. */
  hidden: boolean;
  /** Pictures that come after it and are not shown. */
  more: number;
}

export function Picture({ file, url, page, hidden, more }: PictureProps) {
  const { name, width, height } = file;
  const [failed, setFailed] = useState(false);
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    // It may have failed before scripts ran.
    if (image.current?.complete && image.current.naturalWidth === 0) setFailed(true);
  }, []);
  if (failed) {
    return (
      <button type="button" class="picture-failed" onClick={() => setFailed(false)}>
        <bdi>{name}</bdi> could not be loaded. Try again
      </button>
    );
  }
  return (
    <a
      href={more > 0 && page ? page : url}
      class="picture"
      target="_blank"
      data-url={url}
      data-picture={name}
      hidden={hidden}
      aria-label={`Open ${name}${more > 0 ? ` and ${more} more` : ""}`}
      onClick={enlarge}
    >
      {!hidden && (
        <img
          ref={image}
          class={shapeOf(file)}
          src={url}
          alt={name}
          width={width}
          height={height}
          loading="lazy"
          decoding="async"
          onError={() => setFailed(true)}
        />
      )}
      {more > 0 && <span class="picture-more" aria-hidden="true">+{more}</span>}
    </a>
  );
}

/** Pictures higher than this are made as high as this. It is `maxHeight` of `picture` in pixels. */
const MAX_HEIGHT = 352;
/** Wider ones are as wide as the message at that height. */
const WIDE = 1.6;

/** How a picture by itself finds its size: by its width, or by its height if that is the most of it. */
function shapeOf({ width, height }: FileRef): string {
  if (!width || !height) return cx("picture-unmeasured");
  if (height <= MAX_HEIGHT || width / height > WIDE) return "";
  return width > height ? cx("picture-even") : cx("picture-tall");
}

/** Opens the large view in place of the file by itself. */
function enlarge(event: MouseEvent & { currentTarget: HTMLAnchorElement }): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openLightbox(event.currentTarget);
}
