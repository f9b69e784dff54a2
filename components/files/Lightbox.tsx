/**
 * The large view of pictures: all those in the list that the opened one is in, one at a time. A
 * modal dialog, so the browser keeps the focus inside and Escape closes it; the focus returns to
 * where it was. Loaded when the first picture is opened.
 */

import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { cx } from "../cx.ts";
import { BackIcon, CloseIcon } from "../Icons.tsx";
import { NextIcon, SaveIcon, ZoomIcon } from "./more_icons.tsx";

interface Shown {
  name: string;
  url: string;
}

/** Opens the view at the picture of a link, among all that are listed with it. */
export function openLightbox(link: HTMLAnchorElement): void {
  const list = link.closest("[role=log]") ?? link.parentElement!;
  const links = [...list.querySelectorAll<HTMLAnchorElement>("a[data-picture]")];
  const pictures = links.map(({ dataset }) => ({ url: dataset.url!, name: dataset.picture! }));
  const dialog = document.body.appendChild(document.createElement("dialog"));
  dialog.className = cx("lightbox");
  dialog.ariaLabel = "Pictures";
  dialog.addEventListener("close", () => {
    render(null, dialog);
    dialog.remove();
    if (link.isConnected) link.focus();
  });
  const start = Math.max(0, links.indexOf(link));
  render(<Lightbox pictures={pictures} start={start} close={() => dialog.close()} />, dialog);
  dialog.showModal();
}

interface LightboxProps {
  pictures: Shown[];
  start: number;
  close(): void;
}

function Lightbox({ pictures, start, close }: LightboxProps) {
  const [at, setAt] = useState(start);
  const [zoomed, setZoomed] = useState(false);
  const picture = pictures[at];
  const go = (to: number) => {
    if (!pictures[to]) return;
    setAt(to);
    setZoomed(false);
  };
  const stage = useSwipe({
    idle: zoomed,
    left: () => go(at + 1),
    right: () => go(at - 1),
    down: close,
  });
  useEffect(() => {
    if (zoomed) stage.current!.focus(); // where the arrows move the picture
  }, [zoomed]);
  const key = ({ key }: KeyboardEvent) => {
    if (key === "+" || key === "=") setZoomed(true);
    else if (key === "-" || key === "0") setZoomed(false);
    else if (zoomed) return; // the arrows move the picture
    else if (key === "ArrowLeft") go(at - 1);
    else if (key === "ArrowRight") go(at + 1);
    else if (key === "Home") go(0);
    else if (key === "End") go(pictures.length - 1);
  };
  return (
    <div class="lightbox-body" onKeyDown={key}>
      <div class="lightbox-bar">
        <p class="flex-1 min-w-0 ps-2" aria-live="polite">
          <span class="file-name" dir="auto">{picture.name}</span>
          {pictures.length > 1 && (
            <span class="text-xs tabular-nums">{at + 1} of {pictures.length}</span>
          )}
        </p>
        <button
          type="button"
          class="lightbox-button"
          aria-pressed={zoomed}
          onClick={() => setZoomed(!zoomed)}
        >
          <ZoomIcon />
          <span class="sr-only">Full size</span>
        </button>
        <a
          class="lightbox-button"
          href={picture.url.startsWith("blob:") ? picture.url : `${picture.url}?save`}
          download={picture.name}
        >
          <SaveIcon />
          <span class="sr-only">Download</span>
        </a>
        <button type="button" class="lightbox-button" onClick={close}>
          <CloseIcon />
          <span class="sr-only">Close</span>
        </button>
      </div>
      <div class="relative flex flex-1 min-h-0">
        <div
          ref={stage}
          class={cx("lightbox-stage", zoomed && "lightbox-zoomed")}
          tabindex={zoomed ? 0 : -1}
          autofocus
          onClick={(event) => event.target === event.currentTarget && close()}
        >
          <Large key={picture.url} {...picture} onClick={() => setZoomed(!zoomed)} />
        </div>
        {pictures.length > 1 && (
          <>
            <button
              type="button"
              class="lightbox-button lightbox-side left-2"
              disabled={at === 0}
              onClick={() => go(at - 1)}
            >
              <BackIcon />
              <span class="sr-only">Previous picture</span>
            </button>
            <button
              type="button"
              class="lightbox-button lightbox-side right-2"
              disabled={at === pictures.length - 1}
              onClick={() => go(at + 1)}
            >
              <NextIcon />
              <span class="sr-only">Next picture</span>
            </button>
          </>
        )}
      </div>
    </div>
  );
}

function Large({ url, name, onClick }: Shown & { onClick(): void }) {
  const [state, setState] = useState<"loading" | "here" | "failed">("loading");
  if (state === "failed") {
    return (
      <p role="alert" class="p-6 text-center">
        This picture could not be loaded.{" "}
        <button type="button" class="underline" onClick={() => setState("loading")}>
          Try again
        </button>
      </p>
    );
  }
  return (
    <>
      {state === "loading" && <p role="status">Loading…</p>}
      <img
        src={url}
        alt={name}
        onLoad={() => setState("here")}
        onError={() => setState("failed")}
        onClick={onClick}
      />
    </>
  );
}

/** How far a finger must move, in pixels, for it to be meant. */
const SWIPE_PX = 60;

interface Swipes {
  /** Fingers move the picture itself. */
  idle: boolean;
  left(): void;
  right(): void;
  down(): void;
}

/** One finger that moves far enough in a direction. */
function useSwipe(swipes: Swipes) {
  const area = useRef<HTMLDivElement>(null);
  const latest = useRef(swipes);
  latest.current = swipes;
  useEffect(() => {
    const node = area.current!;
    let from: Touch | null = null;
    const started = ({ touches }: TouchEvent) => from = touches.length === 1 ? touches[0] : null;
    const ended = ({ changedTouches: [touch] }: TouchEvent) => {
      const { idle, left, right, down } = latest.current;
      // A page that was zoomed by two fingers is moved by one.
      if (!from || idle || (globalThis.visualViewport?.scale ?? 1) > 1.01) return;
      const [x, y] = [touch.clientX - from.clientX, touch.clientY - from.clientY];
      if (Math.abs(x) > SWIPE_PX && Math.abs(x) > 2 * Math.abs(y)) (x < 0 ? left : right)();
      else if (y > 1.5 * SWIPE_PX && y > 2 * Math.abs(x)) down();
    };
    node.addEventListener("touchstart", started, { passive: true });
    node.addEventListener("touchend", ended, { passive: true });
    return () => {
      node.removeEventListener("touchstart", started);
      node.removeEventListener("touchend", ended);
    };
  }, []);
  return area;
}
