/**
 * What an island alone imports on demand comes after it, so it may as well import the island. Then
 * what both use is reached by the same entries and stays in the island's file; otherwise each set
 * of parts that share a module gets a small file of its own, all of which the first page needs.
 */
import type { Metafile, Plugin } from "esbuild";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";

const LOADERS = { ".ts": "ts", ".tsx": "tsx", ".js": "js", ".jsx": "jsx" } as const;

/** The island of each module that is imported on demand for one island only, by their paths. */
export function laterParts(
  { inputs }: Pick<Metafile, "inputs">,
  islands: readonly string[],
): Map<string, string> {
  const reached = new Map(islands.map((island) => [island, reachedFrom(inputs, island)]));
  const parts = new Map<string, string>();
  for (const [island, modules] of reached) {
    for (const { path, kind } of [...modules].flatMap((module) => inputs[module].imports)) {
      const isShared = islands.some((other) => other !== island && reached.get(other)!.has(path));
      if (kind === "dynamic-import" && !isShared && path in inputs) parts.set(path, island);
    }
  }
  return parts;
}

/** An esbuild plugin that lets each part import its island; all paths are absolute. */
export function importIslands(parts: ReadonlyMap<string, string>): Plugin {
  return {
    name: "later-parts",
    setup(build) {
      build.onLoad({ filter: /\.[jt]sx?$/ }, async ({ path }) => {
        const island = parts.get(path);
        if (!island) return undefined;
        const loader = LOADERS[extname(path) as keyof typeof LOADERS];
        const source = await readFile(path, "utf8");
        return { contents: `${source}\nimport ${JSON.stringify(island)};\n`, loader };
      });
    },
  };
}

function reachedFrom(inputs: Metafile["inputs"], start: string): Set<string> {
  const reached = new Set([start]);
  for (const module of reached) {
    for (const { path } of inputs[module].imports) if (path in inputs) reached.add(path);
  }
  return reached;
}
