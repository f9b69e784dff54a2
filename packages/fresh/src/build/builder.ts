/**
 * `Builder`: makes the build of an app, in memory or on disk, and runs the development server.
 * Building reads the app's files but never runs its entry.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { App } from "../app.ts";
import { APPLY_SNAPSHOT, CLIENT_FOLDER, type Manifest, type RouteFile } from "../snapshot.ts";
import type { ListenOptions } from "../types.ts";
import { type Bundle, bundleIslands } from "./bundle.ts";
import { serveDevelopment } from "./dev_server.ts";
import { hash } from "./hash.ts";
import { type BuilderOptions, type BuildOptions, resolveOptions, toPath } from "./options.ts";
import { writeBuild } from "./output.ts";
import { type Project, readProject } from "./project.ts";
import { buildStatic, type BuiltStatic, type Transform } from "./statics.ts";

/** Everything that a build made. */
export interface BuildResult {
  manifest: Manifest;
  project: Project;
  files: BuiltStatic[];
}

type Mode = "development" | "production";

/** Builds an app for production, development or tests. */
export class Builder {
  #options: ReturnType<typeof resolveOptions>;
  #registered: string[] = [];
  #transforms: Transform[] = [];

  constructor(options: BuilderOptions = {}) {
    this.#options = resolveOptions(options);
  }

  /** Adds an island file from outside of the island folder. */
  registerIsland(pathOrUrl: string): void {
    this.#registered.push(toPath(pathOrUrl, this.#options.root));
  }

  /** Adds a transform of static files. */
  onTransformStaticFile(
    options: { pluginName: string; filter: RegExp },
    fn: Transform["fn"],
  ): void {
    this.#transforms.push({ ...options, fn });
  }

  /** Builds; the answer gives the build to an app, as tests need it. */
  async build(
    { mode = "production", snapshot = "disk" }: BuildOptions = {},
  ): Promise<<State>(app: App<State>) => void> {
    const result = await this.#make(mode);
    if (snapshot === "disk") await writeBuild(result, this.#options);
    return await this.#applier(result);
  }

  /** Builds in memory and serves; run it under `deno run --watch` to restart upon changes. */
  async listen<State>(
    importApp: () => Promise<{ app: App<State> } | App<State>>,
    options: ListenOptions = {},
  ): Promise<void> {
    const apply = await this.build({ mode: "development", snapshot: "memory" });
    const module = await importApp();
    const app = "app" in module ? module.app : module;
    apply(app);
    serveDevelopment(app, options);
  }

  async #make(mode: Mode): Promise<BuildResult> {
    const options = this.#options;
    const project = await readProject(options, this.#registered);
    const bundle = await bundleIslands(project.islands, options, mode);
    const transforms = this.#transforms;
    const statics = await Promise.all(
      project.statics.map((name) => buildStatic(options.staticDir, name, { transforms, mode })),
    );
    const files = [...statics, ...await bundleFiles(bundle)];
    return { project, files, manifest: await toManifest({ bundle, files, mode }) };
  }

  async #applier({ manifest, project, files }: BuildResult) {
    const { routeDir } = this.#options;
    const islands = await Promise.all(project.islands.map(load));
    const routes = await Promise.all(
      project.routes.map(async ({ path, eager }) => {
        const file = join(routeDir, path);
        return { path, load: () => load(file), module: eager ? await load(file) : undefined };
      }),
    );
    const byUrl = new Map(files.map((file) => [file.urlPath, file]));
    const locate = (urlPath: string) => {
      const { bytes, path } = byUrl.get(urlPath) ?? { path: "" };
      return bytes ? { bytes } : { path };
    };
    const source = { manifest, islands, routes: routes as RouteFile[], locate };
    return <State>(app: App<State>) => app[APPLY_SNAPSHOT](source);
  }
}

async function load(path: string): Promise<Record<string, unknown>> {
  return await import(pathToFileURL(path).href);
}

async function bundleFiles(bundle: Bundle): Promise<BuiltStatic[]> {
  return await Promise.all(
    [...bundle.files].map(async ([name, bytes]) => ({
      urlPath: CLIENT_FOLDER + name,
      path: "",
      bytes,
      hash: await hash(bytes),
    })),
  );
}

async function toManifest(
  made: { bundle: Bundle; files: BuiltStatic[]; mode: Mode },
): Promise<Manifest> {
  const sorted = made.files.toSorted((a, b) => a.urlPath < b.urlPath ? -1 : 1);
  const files = Object.fromEntries(
    sorted.map(({ urlPath, hash }) => [
      urlPath,
      { hash, immutable: urlPath.startsWith(CLIENT_FOLDER) },
    ]),
  );
  const { boot, revive, islands } = made.bundle;
  const buildId = await hash(JSON.stringify({ files, boot, revive, islands }));
  return { buildId, mode: made.mode, boot, revive, islands, files };
}
