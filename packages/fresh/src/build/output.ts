/**
 * Writes a build to disk: the static files and chunks, and the `server.js` that serves them. All
 * paths in it are relative, so that the folder may move with its app.
 */
import { dirname, join } from "node:path";
import type { BuildResult } from "./builder.ts";
import type { ResolvedOptions } from "./options.ts";
import { specifier } from "./project.ts";

/** Writes the out folder; what an earlier build left in it goes away. */
export async function writeBuild(result: BuildResult, options: ResolvedOptions): Promise<void> {
  const files = join(options.outDir, "static");
  await remove(files);
  await Deno.mkdir(files, { recursive: true });
  for (const { urlPath, path, bytes } of result.files) {
    const target = join(files, ...urlPath.split("/"));
    await Deno.mkdir(dirname(target), { recursive: true });
    if (bytes) await Deno.writeFile(target, bytes);
    else await Deno.copyFile(path, target);
  }
  await Deno.writeTextFile(join(options.outDir, "server.js"), serverCode(result, options));
}

async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function serverCode({ manifest, project }: BuildResult, options: ResolvedOptions): string {
  const from = (path: string) => JSON.stringify(specifier(options.outDir, path));
  const fromRoute = (path: string) => from(join(options.routeDir, path));
  const imports = [
    `import { app } from ${from(options.serverEntry)};`,
    ...project.islands.map((path, i) => `import * as island${i} from ${from(path)};`),
    ...project.routes.map(({ path, eager }, i) =>
      eager ? `import * as route${i} from ${fromRoute(path)};` : ""
    ),
  ];
  const routes = project.routes.map(({ path, eager }, i) => {
    const load = eager ? `() => route${i}, module: route${i}` : `() => import(${fromRoute(path)})`;
    return `  { path: ${JSON.stringify(path)}, load: ${load} },`;
  });
  return `// Made by the build; do not edit.
import { fileURLToPath } from "node:url";
${imports.filter(Boolean).join("\n")}

const manifest = ${JSON.stringify(manifest, null, 2)};
const islands = [${project.islands.map((_, i) => `island${i}`).join(", ")}];
const routes = [
${routes.join("\n")}
];
const root = fileURLToPath(new URL("./static", import.meta.url));
const locate = (urlPath) => ({ path: root + urlPath });

app[Symbol.for("fresh.applySnapshot")]({ manifest, islands, routes, locate });
const handler = app.handler();

export default { fetch: (request, info) => handler(request, info) };
`;
}
