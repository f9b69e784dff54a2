/**
 * Turns the props of a page's islands into text. Plain JSON stays JSON, which the browser reads
 * without extra code; anything richer, or anything shared, goes through devalue in one piece, so
 * that what is shared stays shared.
 */
import { Signal } from "@preact/signals";
import { stringify } from "devalue";
import type { IslandUse } from "./state.ts";

/** The island data of a page as the browser reads it. */
export interface IslandData {
  /** Chunk, export name and, when plain, props of each island. */
  i: [chunk: string, exportName: string, props?: unknown][];
  /** The props of all islands as devalue text, when they are not plain. */
  r?: string;
}

/** Makes the island data of a page from props that `checkProps()` has let pass. */
export function islandData(uses: readonly IslandUse[]): IslandData {
  const all = uses.map((use) => use.props);
  const plain = isPlain(all, new Set());
  const i = uses.map(({ island, props }): IslandData["i"][number] =>
    plain ? [island.chunk, island.exportName, props] : [island.chunk, island.exportName]
  );
  return plain ? { i } : { i, r: stringify(all, REDUCERS) };
}

/** JSON that may stand inside a `<script>`. */
export function scriptJson(data: unknown): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

const REDUCERS = {
  Signal: (value: unknown) => isWritable(value) && [(value as Signal).peek()],
  Computed: (value: unknown) => value instanceof Signal && [value.peek()],
};

/** A computed signal has a prototype of its own between itself and Signal's. */
function isWritable(value: unknown): boolean {
  return value instanceof Signal &&
    Object.getPrototypeOf(value) === Signal.prototype;
}

/** Throws when a prop cannot be sent. */
export function checkProps({ island, props }: IslandUse): void {
  for (const [name, value] of Object.entries(props)) {
    check(value, {
      seen: new Set(),
      place: `prop "${name}" of island "${island.name}"`,
    });
  }
}

interface Walk {
  seen: Set<object>;
  place: string;
}

function check(value: unknown, walk: Walk): void {
  if (typeof value === "function" || typeof value === "symbol") {
    throw new TypeError(
      `Cannot send ${walk.place} to the browser: it holds a ${typeof value}`,
    );
  }
  if (typeof value !== "object" || value === null || walk.seen.has(value)) {
    return;
  }
  walk.seen.add(value);
  if (isElement(value)) {
    throw new TypeError(
      `Cannot send ${walk.place} to the browser: it holds JSX; pass data and render it inside`,
    );
  }
  for (const inner of parts(value)) check(inner, walk);
  if (!isKnown(value)) {
    const kind = value.constructor?.name ?? "unknown kind";
    throw new TypeError(
      `Cannot send ${walk.place} to the browser: it holds an object (${kind})`,
    );
  }
}

function isElement(value: object): boolean {
  // A signal inherits these, so that it may stand in JSX; an element owns them.
  return Object.hasOwn(value, "constructor") &&
    value.constructor === undefined &&
    "props" in value;
}

function parts(value: object): Iterable<unknown> {
  if (value instanceof Signal) return [value.peek()];
  if (value instanceof Map) return [...value].flat();
  if (value instanceof Set) return value;
  return isPlainObject(value) || Array.isArray(value) ? Object.values(value) : [];
}

const KNOWN = [Array, Date, Map, Set, URL, RegExp, Uint8Array, Signal];

function isKnown(value: object): boolean {
  return isPlainObject(value) || KNOWN.some((type) => value instanceof type);
}

function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether JSON carries the value exactly, with no object in two places. */
function isPlain(value: unknown, seen: Set<object>): boolean {
  if (
    value === null || typeof value === "string" || typeof value === "boolean"
  ) return true;
  if (typeof value === "number") {
    return Number.isFinite(value) && !Object.is(value, -0);
  }
  if (typeof value !== "object" || seen.has(value)) return false;
  seen.add(value);
  if (Array.isArray(value)) {
    return Object.keys(value).length === value.length &&
      value.every((item) => isPlain(item, seen));
  }
  return Object.getPrototypeOf(value) === Object.prototype &&
    !("toJSON" in value) &&
    !Object.hasOwn(value, "__proto__") &&
    Object.values(value).every((item) => item === undefined || isPlain(item, seen));
}
