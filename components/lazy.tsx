/** Views whose code comes when they are first needed, and stays. */

import { type ComponentType, h } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Loads the module of a view, which is its default export. */
export type Load<P> = () => Promise<{ default: ComponentType<P> }>;

/** A view that says so while its code is on the way, and if it does not come; `what` names it. */
export function lazy<P extends object>(what: string, load: Load<P>): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const [state, setState] = useState<"loading" | "loaded" | "failed">("loading");
    useEffect(() => {
      if (loaded) return;
      load().then(
        (module) => (loaded = module.default, setState("loaded")),
        () => setState("failed"),
      );
    }, []);
    if (loaded) return h(loaded, props);
    return (
      <p class="message-editor text-sm text-muted" role="status">
        {state === "failed" ? `${what} could not be loaded.` : "Loading…"}
      </p>
    );
  };
}
