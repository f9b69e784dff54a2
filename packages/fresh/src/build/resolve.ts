/**
 * An esbuild plugin that reads import specifiers as Deno does: through the `imports` of the app's
 * `deno.json` into `node_modules`. It also puts the browser's `fresh/runtime` in place.
 */
import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const RUNTIME = /^jsr:\/?@fresh\/core(?:@[^/]*)?\/runtime$/;
const RUNTIME_FILE = fileURLToPath(new URL("../client/runtime.ts", import.meta.url));
const OWN_FILES = fileURLToPath(new URL("../", import.meta.url));

/** Makes the plugin for the app at `root`. */
export async function denoResolver(root: string): Promise<Plugin> {
  const config = await readConfig(root);
  return {
    name: "deno-resolver",
    setup(build) {
      build.onResolve(
        { filter: /^[^./]|^\.\.?\// },
        (args) => resolve(build, config, args),
      );
    },
  };
}

interface Config {
  dir: string;
  imports: Record<string, string>;
}

async function resolve(
  build: PluginBuild,
  config: Config,
  args: OnResolveArgs,
): Promise<OnResolveResult | undefined> {
  if (args.pluginData === "resolved" || args.kind === "entry-point") {
    return undefined;
  }
  if (/^\.\.?\//.test(args.path)) return undefined;
  const target = mapSpecifier(args.path, config.imports);
  if (target === "fresh/runtime" || RUNTIME.test(target)) {
    return { path: RUNTIME_FILE };
  }
  if (/^\.{0,2}\//.test(target)) return { path: join(config.dir, target) };
  if (target.startsWith("file:")) return { path: fileURLToPath(target) };
  if (target.startsWith("jsr:")) {
    return {
      errors: [{
        text: `Cannot use "${args.path}" in the browser: ${target} is on JSR`,
      }],
    };
  }
  if (args.path === "devalue" && args.importer.startsWith(OWN_FILES)) {
    return { path: fileURLToPath(import.meta.resolve("devalue")), sideEffects: false };
  }
  return await fromNodeModules(build, args, { target, dir: config.dir });
}

/** Packages of the app resolve from the app's folder, so that there is one copy of each. */
async function fromNodeModules(
  build: PluginBuild,
  { kind, importer, resolveDir, path }: OnResolveArgs,
  { target, dir }: { target: string; dir: string },
): Promise<OnResolveResult> {
  const inPackage = importer.includes("/node_modules/") ||
    importer.includes("\\node_modules\\");
  const name = target.replace(/^npm:\/?((?:@[^/]+\/)?[^/@]+)(?:@[^/]*)?/, "$1");
  return await build.resolve(inPackage ? path : name, {
    kind,
    importer,
    resolveDir: inPackage ? resolveDir : dir,
    pluginData: "resolved",
  });
}

/** What an import map makes of a specifier; an `npm:` or `jsr:` entry also covers its sub-paths. */
export function mapSpecifier(specifier: string, imports: Record<string, string>): string {
  if (specifier in imports) return imports[specifier];
  const keys = Object.keys(imports).sort((a, b) => b.length - a.length);
  for (const key of keys) {
    const prefix = key.endsWith("/") ? key : `${key}/`;
    const target = imports[key];
    if (!specifier.startsWith(prefix)) continue;
    if (key.endsWith("/")) return target + specifier.slice(key.length);
    if (/^(?:npm|jsr):/.test(target)) {
      return target + specifier.slice(key.length);
    }
  }
  return specifier;
}

/** The nearest `deno.json` with imports, from `root` upward. */
async function readConfig(root: string): Promise<Config> {
  for (let dir = root;; dir = dirname(dir)) {
    const imports = await readImports(join(dir, "deno.json"));
    if (imports) return { dir, imports };
    if (dirname(dir) === dir) return { dir: root, imports: {} };
  }
}

async function readImports(path: string): Promise<Record<string, string> | null> {
  try {
    return JSON.parse(await Deno.readTextFile(path)).imports ?? null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw new Error(`Cannot read ${path}`, { cause: error });
  }
}
