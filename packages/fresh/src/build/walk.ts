/**
 * Lists the files of a folder in a stable order. Symbolic links that lead out of it are left out.
 */
import { join, relative, sep } from "node:path";

/** The files below a folder, as paths relative to it with `/`; none if there is no folder. */
export async function listFiles(dir: string, ignore: readonly RegExp[] = []): Promise<string[]> {
  const found: string[] = [];
  const root = await realPath(dir);
  if (root === null) return found;
  const visit = async (path: string) => {
    for await (const entry of Deno.readDir(path)) {
      const full = join(path, entry.name);
      if (ignore.some((pattern) => pattern.test(full))) continue;
      const real = entry.isSymlink ? await realPath(full) : full;
      if (real === null || !isInside(real, root, dir)) continue;
      if (entry.isSymlink ? (await Deno.stat(real)).isFile : entry.isFile) {
        found.push(full);
      } else if (entry.isDirectory) await visit(full);
    }
  };
  await visit(dir);
  return found.map((path) => relative(dir, path).split(sep).join("/")).sort();
}

async function realPath(path: string): Promise<string | null> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function isInside(path: string, ...folders: string[]): boolean {
  return folders.some((folder) => path.startsWith(folder + sep));
}
