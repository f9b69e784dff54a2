/**
 * What a build hands to an app: the files to serve, the islands with their chunks, and the file
 * routes as lazily loaded modules. It holds no data of any request.
 */

/** A file that `staticFiles()` may serve. */
export interface StaticFile {
  /** Where the content is; either a path or the bytes themselves. */
  readonly path?: string;
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly hash: string;
  /** Whether the URL itself names the content, so that it never changes. */
  readonly immutable: boolean;
}

/** A script of the build, by its file name in the client folder, and what it imports. */
export interface Chunk {
  readonly chunk: string;
  readonly imports: readonly string[];
}

/** An island's component as the browser finds it. */
export interface Island extends Chunk {
  readonly name: string;
  readonly exportName: string;
}

/** A file under the routes folder. */
export interface RouteFile {
  /** Path relative to the routes folder, with `/`. */
  readonly path: string;
  readonly load: () => Promise<unknown> | unknown;
  /** The module, when it had to be loaded early because it overrides its pattern. */
  readonly module?: unknown;
}

/** The result of a build. */
export interface Snapshot {
  readonly buildId: string;
  readonly mode: "development" | "production";
  readonly boot: Chunk;
  /** What reads props that are not plain JSON. */
  readonly revive: Chunk;
  readonly islands: ReadonlyMap<unknown, Island>;
  readonly routes: readonly RouteFile[];
  readonly files: ReadonlyMap<string, StaticFile>;
}

/** URL folder of the client chunks. */
export const CLIENT_FOLDER = "/_fresh/js/";

/** Method through which a build's output reaches an app without importing this package. */
export const APPLY_SNAPSHOT: unique symbol = Symbol.for("fresh.applySnapshot") as never;

/** The part of a build that is plain data, as it stands in the built `server.js`. */
export interface Manifest {
  readonly buildId: string;
  readonly mode: "development" | "production";
  readonly boot: Chunk;
  readonly revive: Chunk;
  readonly islands: readonly (Chunk & { name: string })[];
  readonly files: Readonly<
    Record<string, { hash: string; immutable: boolean }>
  >;
}

/** A manifest with the modules and files it talks about. */
export interface SnapshotSource {
  readonly manifest: Manifest;
  /** Island modules, in the order of `manifest.islands`. */
  readonly islands: readonly Record<string, unknown>[];
  readonly routes: readonly RouteFile[];
  /** Where the content of the file with this URL path is. */
  readonly locate: (urlPath: string) => { path: string } | { bytes: Uint8Array<ArrayBuffer> };
}

/** Joins a manifest with its modules. */
export function toSnapshot(source: SnapshotSource): Snapshot {
  const { manifest } = source;
  const files = new Map<string, StaticFile>();
  for (const [urlPath, file] of Object.entries(manifest.files)) {
    files.set(urlPath, { ...file, ...source.locate(urlPath) });
  }
  return { ...manifest, routes: source.routes, files, islands: islandComponents(source) };
}

function islandComponents(source: SnapshotSource): Map<unknown, Island> {
  const components = new Map<unknown, Island>();
  source.manifest.islands.forEach((island, index) => {
    for (const [exportName, value] of Object.entries(source.islands[index])) {
      if (typeof value === "function") {
        components.set(value, { ...island, exportName });
      }
    }
  });
  return components;
}
