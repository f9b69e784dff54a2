/**
 * Arrow keys among things that stand in rows, such as a menu's items or emoji: by their places on
 * screen, so that it works for any width, and mirrored in a right-to-left page.
 */

/** Items further away than this are not looked at for the next row. */
const FAR = 60;

/** Where a key leads from an item; undefined for keys that lead nowhere. Goes round at the ends. */
export function nextInGrid<T extends HTMLElement>(
  items: readonly T[],
  from: Element | null,
  key: string,
): T | undefined {
  const at = items.indexOf(from as T);
  const forth = isMirrored(from) ? "ArrowLeft" : "ArrowRight";
  const back = isMirrored(from) ? "ArrowRight" : "ArrowLeft";
  switch (key) {
    case forth:
      return items[(at + 1) % items.length];
    case back:
      return items.at(at - 1);
    case "ArrowDown":
      return at < 0 ? items[0] : inRow(items.slice(at + 1, at + FAR), items[at], 1) ?? items[0];
    case "ArrowUp":
      return at < 0
        ? items.at(-1)
        : inRow(items.slice(Math.max(0, at - FAR), at).reverse(), items[at], -1) ?? items.at(-1);
    case "Home":
      return items[0];
    case "End":
      return items.at(-1);
  }
}

/** Of the nearest row that is below (1) or above (-1), the item right across. */
function inRow<T extends HTMLElement>(items: T[], from: T, side: 1 | -1): T | undefined {
  const box = from.getBoundingClientRect();
  const centre = (rect: DOMRect) => rect.left + rect.width / 2;
  let best: T | undefined;
  let row: DOMRect | undefined;
  let least = Infinity;
  for (const item of items) {
    const rect = item.getBoundingClientRect();
    if ((rect.top - box.top) * side < box.height / 2) continue; // the same row
    row ??= rect;
    if (Math.abs(rect.top - row.top) > row.height / 2) break;
    const distance = Math.abs(centre(rect) - centre(box));
    if (distance < least) [best, least] = [item, distance];
  }
  return best;
}

function isMirrored(element: Element | null): boolean {
  return element !== null && getComputedStyle(element).direction === "rtl";
}
