/**
 * A KV handle that says which logs its own commits moved. An instance that is alone with its
 * database hears of every change that way and needs no watch. Rooms are left out: what
 * writes to them, the appender and the groups, tells of its commits itself, with the events at hand.
 */

import type { LogHead } from "./logs.ts";
import type { Topic } from "./keys.ts";

/** Told after a commit, synchronously with its success. */
export type Ring = (topic: Topic, seq: number) => void;

/** Wraps a handle. Everything but the telling is the handle's own. */
export function ringingKv(kv: Deno.Kv, ring: Ring): Deno.Kv {
  return new Proxy(kv, {
    get(target, name) {
      if (name === "atomic") return () => ringingAtomic(target.atomic(), ring);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function ringingAtomic(atomic: Deno.AtomicOperation, ring: Ring): Deno.AtomicOperation {
  const moved: [Topic, number][] = [];
  const proxy: Deno.AtomicOperation = new Proxy(atomic, {
    get(target, name) {
      if (name === "commit") return () => commit(target, moved, ring);
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        if (name === "set") note(moved, args[0] as Deno.KvKey, args[1]);
        value.apply(target, args);
        return proxy;
      };
    },
  });
  return proxy;
}

function note(moved: [Topic, number][], key: Deno.KvKey, value: unknown): void {
  if (key[0] !== "head" || key[1] === "room") return;
  moved.push([key.slice(1) as unknown as Topic, (value as LogHead).seq]);
}

async function commit(atomic: Deno.AtomicOperation, moved: [Topic, number][], ring: Ring) {
  const result = await atomic.commit();
  if (result.ok) { for (const [topic, seq] of moved) ring(topic, seq); }
  return result;
}
