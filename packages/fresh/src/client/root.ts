/**
 * A stand-in for a parent element, so that Preact renders between two comments instead of into an
 * element of its own. A wrapper element would break flex and grid layouts.
 */

/** The range from a start comment to the next `/island` comment, as Preact sees a parent. */
export function rootBetween(start: Comment): Element {
  const parent = start.parentNode!;
  const childNodes: ChildNode[] = [];
  let end = start.nextSibling;
  while (end && !(end.nodeType === 8 && (end as Comment).data === "/island")) {
    childNodes.push(end);
    end = end.nextSibling;
  }
  // Preact may name a node behind the range as the place to insert before; that is the range's end.
  const insertBefore = (node: Node, before: Node | null) =>
    parent.insertBefore(node, before && isBefore(before, end) ? before : end);
  return {
    nodeType: 1,
    parentNode: parent,
    namespaceURI: (parent as Element).namespaceURI,
    firstChild: childNodes[0] ?? null,
    childNodes,
    contains: (node: Node | null) => parent.contains(node),
    insertBefore,
    appendChild: (node: Node) => insertBefore(node, null),
    removeChild: (node: Node) => parent.removeChild(node),
  } as unknown as Element;
}

function isBefore(node: Node, end: Node | null): boolean {
  return node.parentNode === end?.parentNode &&
    !!(node.compareDocumentPosition(end!) & Node.DOCUMENT_POSITION_FOLLOWING);
}
