/**
 * Finds what an app is made of: route files, island files and static files.
 */
import { join, relative, sep } from "node:path";
import { describeFile } from "../fs_paths.ts";
import type { ResolvedOptions } from "./options.ts";
import { listFiles } from "./walk.ts";

/** The files of an app. */
export interface Project {
  /** Relative to the routes folder. */
  routes: { path: string; eager: boolean }[];
  /** Absolute. */
  islands: string[];
  /** Relative to the static folder. */
  statics: string[];
}

const COMPONENT = /\.(?:tsx|jsx|ts|js)$/;
const TEST = /[._]test\.\w+$|\.d\.ts$/;

/** Reads the folders of an app. */
export async function readProject(
  options: ResolvedOptions,
  registered: readonly string[],
): Promise<Project> {
  const { routeDir, islandDir, staticDir, ignore } = options;
  const inRoutes = await listFiles(routeDir, ignore);
  const inIslands = await listFiles(islandDir, ignore);
  const local = inRoutes.filter((path) => path.includes("(_islands)/"));
  const islands = [
    ...inIslands.map((path) => join(islandDir, path)),
    ...local.map((path) => join(routeDir, path)),
    ...registered,
  ].filter((path) => COMPONENT.test(path) && !TEST.test(path));
  const routes = inRoutes.filter((path) => describeFile(path) !== null);
  return {
    routes: await Promise.all(routes.map(async (path) => ({
      path,
      eager: await overridesPattern(join(routeDir, path)),
    }))),
    islands: [...new Set(islands)],
    statics: await listFiles(staticDir, ignore),
  };
}

/** A route that sets its own pattern has to be loaded before the routes can be known. */
async function overridesPattern(path: string): Promise<boolean> {
  return (await Deno.readTextFile(path)).includes("routeOverride");
}

/** A path as an import specifier relative to a folder. */
export function specifier(from: string, to: string): string {
  const path = relative(from, to).split(sep).map(encodeURIComponent).join("/");
  return path.startsWith(".") ? path : `./${path}`;
}
