/**
 * `Head`, and how what it collects joins the page's own `<head>`. Of two elements with the same
 * identity (`title`, `key`, `id`, a meta's `name`) the last one wins.
 */
import { type ComponentChildren, toChildArray, type VNode } from "preact";
import { type RenderState, renderState } from "./state.ts";

/** Puts its children into the `<head>` of the page. */
export function Head({ children }: { children?: ComponentChildren }): null {
  renderState()?.extra.push(...elements(children));
  return null;
}

/** The children of the final `<head>`. */
export function mergedHead(state: RenderState): ComponentChildren[] {
  if (state.extra.length === 0) return state.head ?? [];
  const merged = new Map<unknown, VNode>();
  for (const vnode of [...elements(state.head), ...state.extra]) {
    merged.set(identity(vnode) ?? vnode, vnode);
  }
  return [...merged.values()];
}

function elements(children: ComponentChildren): VNode[] {
  return toChildArray(children).filter((child) => typeof child === "object");
}

function identity(vnode: VNode): string | null {
  const props: Record<string, unknown> = vnode.props;
  if (vnode.type === "title") return "title";
  if (vnode.key != null) return `key ${vnode.key}`;
  if (props.id) return `id ${props.id}`;
  if (vnode.type === "meta" && props.name) return `meta ${props.name}`;
  return null;
}
