/**
 * Reads and transforms the static files of an app.
 */
import { join } from "node:path";
import { hash } from "./hash.ts";

/** What a transform is given. */
export interface TransformArgs {
  path: string;
  mode: "development" | "production";
  content: Uint8Array<ArrayBuffer>;
  readonly text: string;
}

/** What a transform may answer; null or nothing leaves the file as it is. */
export type TransformResult =
  | { content: string | Uint8Array; map?: string | Uint8Array }
  | null
  | void;

/** A transform of the static files that its filter matches. */
export interface Transform {
  pluginName: string;
  filter: RegExp;
  fn: (args: TransformArgs) => TransformResult | Promise<TransformResult>;
}

/** A static file, with bytes if a transform has changed it. */
export interface BuiltStatic {
  urlPath: string;
  path: string;
  hash: string;
  bytes?: Uint8Array<ArrayBuffer>;
}

/** Reads one static file and runs the transforms on it. */
export async function buildStatic(
  dir: string,
  name: string,
  how: { transforms: readonly Transform[]; mode: "development" | "production" },
): Promise<BuiltStatic> {
  const path = join(dir, name);
  const original = await Deno.readFile(path);
  let content = original;
  for (const { filter, fn } of how.transforms) {
    filter.lastIndex = 0;
    if (!filter.test(path)) continue;
    const result = await fn({
      path,
      mode: how.mode,
      content,
      get text() {
        return new TextDecoder().decode(content);
      },
    });
    if (result) content = toBytes(result.content);
  }
  const changed = content !== original ? { bytes: content } : {};
  return { urlPath: `/${name}`, path, hash: await hash(content), ...changed };
}

function toBytes(content: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
}
