/**
 * The naming rules of the routes folder: which file is what, its URL pattern, and which of two
 * files is asked first. Pure; used by the app and by the builder.
 */

const SPECIAL = ["_middleware", "_layout", "_app", "_error", "_404"] as const;
const SCRIPT = /\.(?:tsx?|jsx?|mts|mjs)$/;

/** What a file in the routes folder stands for. */
export interface RouteFileInfo {
  kind: "route" | typeof SPECIAL[number];
  /** URL pattern of the route, or of the folder that a special file covers. */
  path: string;
  /** The folder with its groups, which decides what special files cover. */
  dir: string;
  rank: number[];
}

/** Describes a file by its path relative to the routes folder; null if it is no route file. */
export function describeFile(path: string, base = "/"): RouteFileInfo | null {
  if (
    !SCRIPT.test(path) || /[._]test\.\w+$/.test(path) || path.endsWith(".d.ts")
  ) return null;
  const segments = path.replace(SCRIPT, "").split("/");
  const name = segments.pop() ?? "";
  if (segments.some((segment) => segment.startsWith("(_"))) return null;
  const special = SPECIAL.find((known) => known === name);
  if (name.startsWith("_") && !special) return null;
  const dir = join([base, ...segments]);
  const parts = special || name === "index" ? segments : [...segments, name];
  const pattern = join([base, ...parts.filter((part) => !isGroup(part)).map(toPattern)]);
  return { kind: special ?? "route", path: pattern, dir, rank: rank(parts, special) };
}

/** Orders special files before routes, and specific routes before general ones. */
export function byPriority(a: RouteFileInfo, b: RouteFileInfo): number {
  for (let i = 0; i < Math.max(a.rank.length, b.rank.length); i++) {
    const difference = (a.rank[i] ?? -1) - (b.rank[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

function isGroup(segment: string): boolean {
  return segment.startsWith("(") && segment.endsWith(")");
}

function toPattern(segment: string): string {
  const optional = /^\[\[(\w+)\]\]$/.exec(segment);
  if (optional) return `{/:${optional[1]}}?`;
  const rest = /^\[\.\.\.(\w+)\]$/.exec(segment);
  if (rest) return `:${rest[1]}*`;
  return segment.replace(/\[(\w+)\]/g, ":$1");
}

function rank(parts: string[], special: string | undefined): number[] {
  if (special) return [0];
  const order = parts.filter((part) => !isGroup(part)).map((part) => {
    if (part.startsWith("[...")) return 4;
    if (part.startsWith("[[")) return 3;
    if (part.startsWith("[")) return 2;
    return part.includes("[") ? 1 : 0;
  });
  return [1, ...order];
}

function join(parts: string[]): string {
  const joined = `/${parts.filter(Boolean).join("/")}`.replace(/\/{2,}/g, "/");
  const path = joined.replaceAll("/{/", "{/");
  return path.length > 1 ? path.replace(/\/$/, "") : path;
}
