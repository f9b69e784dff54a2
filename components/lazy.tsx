/** Views whose code comes when they are first needed, and stays. */

import { type ComponentType, type FunctionComponent, h } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Loads the module of a view, which is its default export. */
export type Load<P> = () => Promise<{ default: ComponentType<P> }>;

/** A view that loads another one when it is first drawn, or before when it is told to. */
export interface LazyView<P> extends FunctionComponent<P> {
  preload(): void;
}

/**
 * A view that says so while its code is on the way, and if it does not come; `what` names it. Without
 * a name it shows nothing until it is there.
 */
export function lazy<P extends object>(what: string, load: Load<P>): LazyView<P> {
  let loaded: ComponentType<P> | null = null;
  const get = () => load().then((module) => loaded = module.default);
  function Lazy(props: P) {
    const [state, setState] = useState<"loading" | "loaded" | "failed">("loading");
    useEffect(() => {
      if (loaded) return;
      get().then(() => setState("loaded"), () => setState("failed"));
    }, []);
    if (loaded) return h(loaded, props);
    if (!what) return null;
    return (
      <p class="message-editor text-sm text-muted" role="status">
        {state === "failed" ? `${what} could not be loaded.` : "Loading…"}
      </p>
    );
  }
  return Object.assign(Lazy, { preload: () => void get().catch(() => {}) });
}
