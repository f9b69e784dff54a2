/**
 * A long press on a touch screen, on whatever has `data-key` below an element: what the context
 * menu is to a mouse. A finger that moves or lifts early, and one on a link or button, is left alone.
 */

const HOLD_MS = 450;
const MOVED_PX = 10;
/** A browser makes its click of a touch within so long after it ended, in milliseconds. */
const AFTER_MS = 400;

/** `onPress` gets the `data-key` of what was pressed. The answer ends it. */
export function listenToLongPresses(
  node: HTMLElement,
  onPress: (key: string) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout>;
  let start = { x: 0, y: 0 };
  const cancel = () => clearTimeout(timer);
  const down = (event: PointerEvent) => {
    cancel();
    const key = keyAt(event.target);
    if (event.pointerType !== "touch" || !event.isPrimary || key === undefined) return;
    start = { x: event.clientX, y: event.clientY };
    timer = setTimeout(() => {
      swallowClick(node);
      onPress(key);
    }, HOLD_MS);
  };
  const move = ({ clientX, clientY }: PointerEvent) => {
    if (Math.hypot(clientX - start.x, clientY - start.y) > MOVED_PX) cancel();
  };
  const events = { pointerdown: down, pointermove: move, pointerup: cancel, pointercancel: cancel };
  for (const [name, listen] of Object.entries(events)) {
    node.addEventListener(name, listen as EventListener, { passive: true });
  }
  return () => {
    cancel();
    for (const [name, listen] of Object.entries(events)) {
      node.removeEventListener(name, listen as EventListener);
    }
  };
}

/** What was pressed, unless that does something by itself. */
function keyAt(target: EventTarget | null): string | undefined {
  if (!(target instanceof Element) || target.closest("a,button,input,textarea,audio,video")) return;
  return target.closest(".bubble")?.closest<HTMLElement>("[data-key]")?.dataset.key;
}

/** The finger that lifts after the press clicks nothing: the menu may have come to be under it. */
function swallowClick(node: HTMLElement): void {
  const swallow = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  const swallowed = ["click", "contextmenu"];
  const lifted = ["pointerup", "pointercancel", "touchend"];
  const stop = () =>
    setTimeout(() => {
      for (const name of swallowed) node.removeEventListener(name, swallow, { capture: true });
    }, AFTER_MS);
  for (const name of swallowed) node.addEventListener(name, swallow, { capture: true });
  for (const name of lifted) document.addEventListener(name, stop, { once: true });
}
