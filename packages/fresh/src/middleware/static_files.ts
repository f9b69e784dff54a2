/**
 * Serves the files of the build. Only exact paths of the build's own list are served, so no path
 * can lead out of the folder. Files stream from disk and are not kept in memory.
 */
import { type Context, INTERNALS } from "../context.ts";
import { BUILD_PARAM } from "../render/asset.ts";
import type { StaticFile } from "../snapshot.ts";
import type { MiddlewareFn } from "../types.ts";
import { contentType } from "./content_type.ts";

const YEAR = "public, max-age=31536000, immutable";

/** Makes the middleware. */
export function staticFiles<State>(): MiddlewareFn<State> {
  return async (ctx) => {
    const path = filePath(ctx);
    const file = path === null ? undefined : ctx[INTERNALS].snapshot?.files.get(path);
    if (path === null || !file) return await ctx.next();
    if (ctx.req.method !== "GET" && ctx.req.method !== "HEAD") {
      return new Response("Method Not Allowed", { status: 405, headers: { allow: "GET, HEAD" } });
    }
    return await serve(ctx, path, file) ?? await ctx.next();
  };
}

function filePath<State>(ctx: Context<State>): string | null {
  const { basePath } = ctx.config;
  if (!ctx.url.pathname.startsWith(`${basePath}/`)) return null;
  try {
    return decodeURIComponent(ctx.url.pathname.slice(basePath.length));
  } catch {
    return null;
  }
}

async function serve<State>(
  ctx: Context<State>,
  path: string,
  file: StaticFile,
): Promise<Response | null> {
  const etag = `W/"${file.hash}"`;
  const headers = new Headers({ etag, "cache-control": cacheControl(ctx, file) });
  if (matches(ctx.req.headers.get("if-none-match"), etag)) {
    return new Response(null, { status: 304, headers });
  }
  const content = await open(file);
  if (!content) return null;
  headers.set("content-type", contentType(path));
  headers.set("content-length", String(content.size));
  if (ctx.req.method === "GET") {
    return new Response(content.body(), { headers });
  }
  content.close();
  return new Response(null, { headers });
}

function cacheControl<State>(ctx: Context<State>, file: StaticFile): string {
  const { snapshot } = ctx[INTERNALS];
  if (snapshot?.mode === "development") return "no-store";
  const named = ctx.url.searchParams.get(BUILD_PARAM) === snapshot?.buildId;
  return file.immutable || named ? YEAR : "no-cache";
}

function matches(header: string | null, etag: string): boolean {
  if (header === null) return false;
  const weak = (tag: string) => tag.trim().replace(/^W\//, "");
  return header.split(",").some((tag) => tag.trim() === "*" || weak(tag) === weak(etag));
}

interface OpenFile {
  size: number;
  body: () => BodyInit;
  close: () => void;
}

async function open({ path, bytes }: StaticFile): Promise<OpenFile | null> {
  if (bytes) return { size: bytes.length, body: () => bytes, close: () => {} };
  if (!path) return null;
  try {
    const file = await Deno.open(path);
    const { size } = await file.stat();
    return { size, body: () => file.readable, close: () => file.close() };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
