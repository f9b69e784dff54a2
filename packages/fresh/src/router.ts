/**
 * Finds the route of a method and path. Static paths come first, then patterns in the order they
 * were added. A path with a trailing slash is another path. Params are decoded with `decodeURI`,
 * so that an encoded slash stays encoded.
 */
import type { Method } from "./types.ts";

/** What a look-up found: a value, or the methods that the path knows instead. */
export type Match<T> =
  | { value: T; pattern: string; params: Record<string, string> }
  | { allow: string[] };

interface Entry<T> {
  pattern: string;
  match: (path: string) => Record<string, string> | null;
  methods: Map<string, T>;
}

/** A table of routes. */
export class Router<T> {
  #static = new Map<string, Entry<T>>();
  #dynamic: Entry<T>[] = [];

  /** Adds a route; of two with the same method and pattern the first wins. */
  add(method: Method | "ALL", pattern: string, value: T): void {
    const entry = this.#entry(pattern);
    if (!entry.methods.has(method)) entry.methods.set(method, value);
  }

  /** Looks a request up; an empty `allow` means that the path is unknown. */
  match(method: string, path: string): Match<T> {
    const allow: string[] = [];
    const fixed = this.#static.get(path);
    const found = fixed && pick(fixed, method);
    if (found) return { value: found, pattern: fixed.pattern, params: {} };
    if (fixed) allow.push(...fixed.methods.keys());
    for (const entry of this.#dynamic) {
      const params = entry.match(path);
      if (params === null) continue;
      const value = pick(entry, method);
      if (value) return { value, pattern: entry.pattern, params };
      allow.push(...entry.methods.keys());
    }
    return { allow };
  }

  #entry(pattern: string): Entry<T> {
    if (!/[:*{(]/.test(pattern)) {
      const entry = this.#static.get(pattern) ??
        { pattern, match: () => ({}), methods: new Map() };
      this.#static.set(encodeURI(decode(pattern)), entry);
      return entry;
    }
    const known = this.#dynamic.find((entry) => entry.pattern === pattern);
    if (known) return known;
    const entry = { pattern, match: compile(pattern), methods: new Map() };
    this.#dynamic.push(entry);
    return entry;
  }
}

function pick<T>(entry: Entry<T>, method: string): T | undefined {
  const { methods } = entry;
  return methods.get(method) ??
    (method === "HEAD" ? methods.get("GET") : undefined) ??
    methods.get("ALL");
}

const TOKEN = /\{\/:(\w+)\}\?|\/:(\w+)\*|:(\w+)(?![\w(*+?])|(\/\*)$|([^:*{}()?+\\]+)/gy;

/** Common patterns become a regular expression, rare ones a URLPattern, which is slower. */
function compile(pattern: string): (path: string) => Record<string, string> | null {
  const names: string[] = [];
  let source = "";
  let end = 0;
  for (const token of pattern.matchAll(TOKEN)) {
    const [text, optional, rest, name, wildcard, literal] = token;
    end += text.length;
    if (literal !== undefined) source += literal.replace(/[.|^$[\]]/g, "\\$&");
    else names.push(optional ?? rest ?? name ?? "0");
    if (optional) source += "(?:/([^/]+))?";
    if (rest) source += "(?:/(.+))?";
    if (name) source += "([^/]+?)";
    if (wildcard) source += "/(.*)";
  }
  if (end !== pattern.length) return viaUrlPattern(pattern);
  const regex = new RegExp(`^${source || "/"}$`);
  return (path) => {
    const found = regex.exec(path);
    return found && collect(names.map((name, i) => [name, found[i + 1]]));
  };
}

function viaUrlPattern(pattern: string): (path: string) => Record<string, string> | null {
  const compiled = new URLPattern({ pathname: pattern });
  return (pathname) => {
    const found = compiled.exec({ pathname });
    return found && collect(Object.entries(found.pathname.groups));
  };
}

function collect(entries: [string, string | undefined][]): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, value] of entries) {
    if (value !== undefined) params[name] = decode(value);
  }
  return params;
}

function decode(value: string): string {
  try {
    return decodeURI(value);
  } catch {
    return value;
  }
}
