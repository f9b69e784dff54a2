/**
 * The options of the builder, and how they become absolute paths.
 */
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** What `new Builder()` takes. Relative paths are relative to `root`. */
export interface BuilderOptions {
  /** Browsers to build for, as esbuild names them. */
  target?: string | string[];
  root?: string;
  serverEntry?: string;
  outDir?: string;
  staticDir?: string;
  islandDir?: string;
  routeDir?: string;
  /** Files whose path matches are left out. */
  ignore?: RegExp[];
  sourceMap?: {
    kind?: boolean | "linked" | "inline" | "external" | "both";
    sourceRoot?: string;
    sourcesContent?: boolean;
  };
}

/** What `builder.build()` takes. */
export interface BuildOptions {
  mode?: "development" | "production";
  /** Where the result goes: to the out folder, or nowhere but into the returned function. */
  snapshot?: "disk" | "memory";
}

/** The options with every path absolute. */
export interface ResolvedOptions {
  target: string | string[];
  root: string;
  serverEntry: string;
  outDir: string;
  staticDir: string;
  islandDir: string;
  routeDir: string;
  ignore: RegExp[];
  sourceMap: BuilderOptions["sourceMap"];
}

/** Fills in the defaults. */
export function resolveOptions(options: BuilderOptions): ResolvedOptions {
  const root = resolve(options.root ?? Deno.cwd());
  const under = (path: string | undefined, fallback: string) => toPath(path ?? fallback, root);
  return {
    target: options.target ?? ["chrome99", "firefox99", "safari15"],
    root,
    serverEntry: under(options.serverEntry, "main.ts"),
    outDir: under(options.outDir, "_fresh"),
    staticDir: under(options.staticDir, "static"),
    islandDir: under(options.islandDir, "islands"),
    routeDir: under(options.routeDir, "routes"),
    ignore: options.ignore ?? [],
    sourceMap: options.sourceMap,
  };
}

/** A path or file URL as an absolute path. */
export function toPath(path: string, root: string): string {
  if (path.startsWith("file:")) return fileURLToPath(path);
  return isAbsolute(path) ? path : join(root, path);
}
