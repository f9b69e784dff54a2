/**
 * What the tabs of one account share: Web Locks for one sender at a time, a BroadcastChannel as
 * the doorbell. A browser without them counts as having one tab; the server drops repeated ids.
 */

import type { Channel, Lock } from "./ports.ts";

/** A turn between the tabs, by name. */
export function tabLock(name: string): Lock {
  return {
    request(held) {
      const locks = globalThis.navigator?.locks;
      const abort = new AbortController();
      if (!locks) {
        queueMicrotask(() => abort.signal.aborted || held());
        return () => abort.abort();
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      locks.request(name, { signal: abort.signal }, () => {
        if (abort.signal.aborted) return;
        held();
        return promise;
      }).catch((error: unknown) => {
        if (!abort.signal.aborted) reportError(error);
      });
      return () => {
        abort.abort();
        resolve();
      };
    },
  };
}

/** A doorbell between the tabs, by name; it never rings in the tab that rang it. */
export function tabChannel(name: string): Channel {
  let channel: BroadcastChannel | null = null;
  return {
    tell: () => channel?.postMessage(null),
    listen(changed) {
      if (!("BroadcastChannel" in globalThis)) return () => {};
      channel = new BroadcastChannel(name);
      channel.onmessage = changed;
      return () => {
        channel?.close();
        channel = null;
      };
    },
  };
}
