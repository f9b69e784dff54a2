/**
 * Changes elements as they are made: islands get their boundary, inline scripts and styles their
 * nonce, `<head>` its collector, images their cache-busting URL.
 *
 * Elements are often made before the page renders, in async components. So the hook only swaps
 * the type for a component, which reads the page's state when it renders.
 */
import { type ComponentType, createContext, h, options, type VNode } from "preact";
import { useContext } from "preact/hooks";
import { jsxTemplate } from "preact/jsx-runtime";
import { asset, assetSrcSet } from "./asset.ts";
import { checkProps } from "./serialize.ts";
import { renderState } from "./state.ts";

type Props = Record<string, unknown>;

/** Stands where the children of `<head>` belong until the whole page is known. */
export const HEAD_MARK = "<!--fresh:head-->";

const InsideIsland = createContext(false);
const islands = new WeakSet<object>();
let plain = false;

/** Makes the hook treat these components as islands. */
export function registerIslands(components: Iterable<unknown>): void {
  for (const component of components) {
    if (typeof component === "function") islands.add(component);
  }
}

const swaps = new Map<unknown, (props: Props) => VNode>([
  ["head", HeadElement],
  ["script", (props) => element("script", withNonce(props))],
  ["style", (props) => element("style", withNonce(props))],
]);

const previous = options.vnode;
options.vnode = (vnode) => {
  previous?.(vnode);
  if (!plain) swapType(vnode as VNode<Props>);
};

function swapType(vnode: VNode<Props>): void {
  const { type } = vnode;
  if (typeof type === "function") {
    if (islands.has(type)) wrapIsland(vnode);
  } else if (type === "img" || type === "source") {
    lockSource(vnode);
  } else {
    const swap = swaps.get(type);
    if (swap) vnode.type = swap as ComponentType<Props>;
  }
}

function wrapIsland(vnode: VNode<Props>): void {
  vnode.props = { component: vnode.type, props: vnode.props, children: undefined };
  vnode.type = IslandBoundary as unknown as ComponentType<Props>;
}

interface BoundaryProps {
  component: ComponentType<Props>;
  props: Props;
}

function IslandBoundary({ component, props }: BoundaryProps): VNode {
  const nested = useContext(InsideIsland);
  const state = renderState();
  const island = state?.snapshot?.islands.get(component);
  const content = element(component, props);
  if (nested || !state || !island) return content;
  checkProps({ island, props });
  const index = state.islands.push({ island, props }) - 1;
  const inside = h(InsideIsland.Provider, { value: true, children: content });
  return jsxTemplate([`<!--island:${index}-->`, "<!--/island-->"], inside);
}

function HeadElement({ children, ...props }: Props): VNode {
  const state = renderState();
  if (!state || state.head) return element("head", { ...props, children });
  state.head = [children as VNode];
  return element("head", { ...props, children: jsxTemplate([HEAD_MARK]) });
}

function withNonce(props: Props): Props {
  const nonce = renderState()?.nonce;
  return nonce && props.nonce === undefined ? { ...props, nonce } : props;
}

function lockSource({ props }: VNode<Props>): void {
  if ("data-fresh-disable-lock" in props) return;
  if (typeof props.src === "string") props.src = asset(props.src);
  if (typeof props.srcset === "string") {
    props.srcset = assetSrcSet(props.srcset);
  }
  if (typeof props.srcSet === "string") {
    props.srcSet = assetSrcSet(props.srcSet);
  }
}

/** Makes an element that the hook leaves alone. */
export function element(type: string | ComponentType<Props>, props: Props): VNode {
  plain = true;
  try {
    return h(type as ComponentType<Props>, props);
  } finally {
    plain = false;
  }
}
