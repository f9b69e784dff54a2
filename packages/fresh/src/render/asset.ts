/**
 * Cache-busting URLs. The build id belongs to the process, not to a request.
 */

/** Query parameter that carries the build id. */
export const BUILD_PARAM = "__frsh_c";

let currentBuildId = "";

/** Tells `asset()` the id of the build that is served. */
export function setBuildId(buildId: string): void {
  currentBuildId = buildId;
}

/** Adds the build id to a path on this site, so that it may be cached for a year. */
export function asset(path: string): string {
  return withBuildId(path, currentBuildId);
}

/** Like `asset()`, for a given build. */
export function withBuildId(path: string, buildId: string): string {
  if (
    !buildId || !/^\/(?![/\\])/.test(path) || path.includes(`${BUILD_PARAM}=`)
  ) return path;
  const [, before, hash] = /^([^#]*)(.*)$/s.exec(path) ?? [path, path, ""];
  return `${before}${before.includes("?") ? "&" : "?"}${BUILD_PARAM}=${buildId}${hash}`;
}

/** Like `asset()`, for each URL of a `srcset`. */
export function assetSrcSet(srcset: string): string {
  if (srcset.includes("(")) return srcset;
  return srcset.split(",").map((part) =>
    part.replace(/^(\s*)(\S+)/, (_, space, url) => space + asset(url))
  ).join(",");
}
