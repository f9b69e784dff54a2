/**
 * Bundles the islands and the boot script for the browser. What chunks share, also Preact and the
 * signals, becomes a chunk of its own, so that there is one copy of each.
 */
import type { BuildOptions as EsbuildOptions, Metafile } from "esbuild";
import { basename, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { importIslands, laterParts } from "./later_parts.ts";
import type { ResolvedOptions } from "./options.ts";
import { denoResolver } from "./resolve.ts";

const BOOT = fileURLToPath(new URL("../client/boot.ts", import.meta.url));
const REVIVE = fileURLToPath(new URL("../client/revive.ts", import.meta.url));
const JSX = fileURLToPath(new URL("../client/jsx.ts", import.meta.url));

/** A chunk and the chunks it imports, by file name. */
export interface Chunk {
  chunk: string;
  imports: string[];
}

/** What came out, with the entries in the order of the island files. */
export interface Bundle {
  boot: Chunk;
  /** Loaded only by pages whose props are not plain JSON. */
  revive: Chunk;
  islands: (Chunk & { name: string })[];
  /** Content by file name. */
  files: Map<string, Uint8Array<ArrayBuffer>>;
}

/** Bundles the given island files (absolute paths). */
export async function bundleIslands(
  islands: readonly string[],
  options: ResolvedOptions,
  mode: "development" | "production",
): Promise<Bundle> {
  const names = islands.map((path, index) => entryName(path, islands, index));
  const entryPoints: Record<string, string> = { boot: BOOT, revive: REVIVE };
  names.forEach((name, index) => entryPoints[name] = islands[index]);
  const settings = await esbuildSettings(options, mode);
  // Loaded here, because esbuild asks for permissions as soon as it is loaded.
  const { build, stop } = await import("esbuild");
  try {
    const draft = await build({ ...settings, entryPoints, minify: false });
    const plugins = [...settings.plugins, importIslands(partsOf(draft.metafile, islands, options))];
    const result = await build({ ...settings, plugins, entryPoints });
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    for (const file of result.outputFiles) {
      files.set(basename(file.path), file.contents as Uint8Array<ArrayBuffer>);
    }
    const chunks = chunksByEntry(result.metafile, options.root);
    const find = (path: string) => chunks.get(path) ?? fail(path);
    return {
      boot: find(BOOT),
      revive: find(REVIVE),
      islands: islands.map((path, index) => ({ name: names[index], ...find(path) })),
      files,
    };
  } finally {
    await stop();
  }
}

/** As {@link laterParts}, by absolute paths; the metafile has them from the root on. */
function partsOf(
  metafile: Metafile,
  islands: readonly string[],
  { root }: ResolvedOptions,
): Map<string, string> {
  const inner = (path: string) => relative(root, path).split(sep).join("/");
  const outer = (path: string) => join(root, path.split("/").join(sep));
  const parts = laterParts(metafile, islands.map(inner));
  return new Map([...parts].map(([part, island]) => [outer(part), outer(island)]));
}

async function esbuildSettings(options: ResolvedOptions, mode: "development" | "production") {
  const production = mode === "production";
  const map = options.sourceMap;
  return {
    absWorkingDir: options.root,
    outdir: join(options.root, "_fresh_client"),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    write: false,
    metafile: true,
    minify: production,
    target: options.target,
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    assetNames: "asset-[hash]",
    legalComments: "none",
    logLevel: "silent",
    sourcemap: map?.kind ?? (map ? "linked" : !production && "inline"),
    sourceRoot: map?.sourceRoot,
    sourcesContent: map?.sourcesContent,
    jsx: "transform",
    jsxFactory: "fresh_h",
    jsxFragment: "fresh_Fragment",
    inject: [JSX],
    tsconfigRaw: { compilerOptions: { jsx: "react" } },
    define: { "process.env.NODE_ENV": JSON.stringify(mode) },
    plugins: [await denoResolver(options.root)],
  } satisfies EsbuildOptions;
}

/** A name that is safe in a URL and belongs to one island file. */
function entryName(path: string, all: readonly string[], index: number): string {
  const slug = basename(path).replace(/\.\w+$/, "").replace(/[^\w-]+/g, "_");
  const twin = all.some((other, at) =>
    at !== index &&
    basename(other).replace(/\.\w+$/, "").replace(/[^\w-]+/g, "_") === slug
  );
  return twin || slug === "boot" || slug === "revive" ? `${slug}_${index}` : slug;
}

function chunksByEntry(metafile: Metafile, root: string): Map<string, Chunk> {
  const chunks = new Map<string, Chunk>();
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (!output.entryPoint) continue;
    const imports = staticImports(metafile, path).map((each) => basename(each));
    const entry = join(root, output.entryPoint.split("/").join(sep));
    chunks.set(entry, { chunk: basename(path), imports });
  }
  return chunks;
}

function staticImports(metafile: Metafile, path: string, seen = new Set<string>()): string[] {
  for (
    const { path: imported, kind, external } of metafile.outputs[path].imports
  ) {
    if (kind !== "import-statement" || external || seen.has(imported)) continue;
    seen.add(imported);
    staticImports(metafile, imported, seen);
  }
  return [...seen].sort();
}

function fail(path: string): never {
  throw new Error(`esbuild gave no output for ${relative(Deno.cwd(), path)}`);
}
