/**
 * What one page collects while it renders.
 *
 * Only the final pass to a string needs it, and that pass is synchronous; so one module variable
 * is safe although requests interleave at every `await`. It is null outside of that pass.
 */
import type { VNode } from "preact";
import type { Island, Snapshot } from "../snapshot.ts";

/** An island's place in the page, with the props that the browser needs. */
export interface IslandUse {
  island: Island;
  props: Record<string, unknown>;
}

/** What one page collects. */
export interface RenderState {
  readonly snapshot: Snapshot | null;
  readonly nonce: string | null;
  /** In the order of the page. */
  readonly islands: IslandUse[];
  /** Children of the page's own `<head>`; null until it is met. */
  head: VNode[] | null;
  /** Children of the `Head` components, in the order rendered. */
  readonly extra: VNode[];
}

let current: RenderState | null = null;

/** The state of the page that is rendering, if any. */
export function renderState(): RenderState | null {
  return current;
}

/** Runs a synchronous render with the given state. */
export function withState<T>(state: RenderState, render: () => T): T {
  const outer = current;
  current = state;
  try {
    return render();
  } finally {
    current = outer;
  }
}
