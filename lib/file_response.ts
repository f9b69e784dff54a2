/**
 * A file as an HTTP answer: whole or one range of it, streamed, and never as anything that could
 * run in the site's name. It is asked for again each time it is shown, so that whoever may no
 * longer see it does not; `304` spares the bytes.
 */

import { kindOf, opensInline } from "./chat/files.ts";
import type { GroupImage } from "./store/group_images.ts";
import type { ReadableFile } from "./store/file_access.ts";

const FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; " +
  "media-src 'self'; frame-ancestors 'none'";

/**
 * For a file that is opened by itself: no script, and no request but what the browser's own pages
 * around images, sounds and videos need. A player asks for the file again and so needs its origin;
 * the viewer of PDF works in no sandbox, and has its own.
 */
function policyOf(type: string): string {
  const kind = kindOf({ type });
  if (kind === "pdf") return FILE_POLICY;
  const isPlayed = kind === "audio" || kind === "video";
  return `${FILE_POLICY}; sandbox${isPlayed ? " allow-same-origin" : ""}`;
}

/** Answers a `GET` or `HEAD` for a file. `save`: as a download, whatever it is. */
export function fileResponse(
  request: Request,
  file: ReadableFile,
  { save = false } = {},
): Response {
  const etag = `"${file.hash.slice(0, 32)}"`;
  const headers = headersOf(file, { etag, save });
  if (matches(request.headers.get("if-none-match"), etag)) {
    return new Response(null, { status: 304, headers });
  }
  headers.set("accept-ranges", "bytes");
  const range = rangeOf(request.headers, { etag, size: file.size });
  if (range === "unsatisfiable") {
    headers.set("content-range", `bytes */${file.size}`);
    return new Response(null, { status: 416, headers });
  }
  const { start, end } = range ?? { start: 0, end: file.size };
  if (range) headers.set("content-range", `bytes ${start}-${end - 1}/${file.size}`);
  headers.set("content-length", String(end - start));
  const body = request.method === "HEAD" ? null : ReadableStream.from(file.read({ start, end }));
  return new Response(body, { status: range ? 206 : 200, headers });
}

/**
 * Answers a `GET` or `HEAD` for an image whose id is made from its content: what is once at its
 * address stays it, so a browser keeps it for a year, for the one who fetched it.
 */
export function imageResponse(request: Request, { id, type, bytes }: GroupImage): Response {
  const etag = `"${id}"`;
  const headers = new Headers({
    "content-type": type,
    "content-disposition": "inline",
    "content-security-policy": policyOf(type),
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, max-age=31536000, immutable",
    vary: "cookie",
    etag,
  });
  if (matches(request.headers.get("if-none-match"), etag)) {
    return new Response(null, { status: 304, headers });
  }
  headers.set("content-length", String(bytes.length));
  return new Response(request.method === "HEAD" ? null : bytes, { headers });
}

function headersOf(
  { name, type }: ReadableFile,
  { etag, save }: { etag: string; save: boolean },
): Headers {
  const isInline = opensInline(type) && !save;
  return new Headers({
    "content-type": type === "text/plain" ? "text/plain; charset=utf-8" : type,
    "content-disposition": `${isInline ? "inline" : "attachment"}; ${fileNameParameters(name)}`,
    "content-security-policy": policyOf(type),
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, no-cache",
    vary: "cookie",
    etag,
  });
}

/** A file name in a header: a plain one for old clients and the true one, by RFC 6266 and 8187. */
export function fileNameParameters(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const encoded = encodeURIComponent(name.toWellFormed())
    .replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return `filename="${plain}"; filename*=UTF-8''${encoded}`;
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  if (!ifNoneMatch) return false;
  return ifNoneMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""))
    .some((tag) => tag === etag || tag === "*");
}

/** From `start` to before `end`. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * The one range that is asked for; `null` for the whole, also where a range is malformed, of several
 * parts or of another version: RFC 9110 §14.2 lets a server send the whole then.
 */
export function rangeOf(
  headers: Headers,
  { etag, size }: { etag: string; size: number },
): ByteRange | "unsatisfiable" | null {
  const ifRange = headers.get("if-range");
  if (ifRange !== null && ifRange !== etag) return null;
  const range = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headers.get("range") ?? "");
  if (!range || range[0] === "bytes=-") return null;
  const [, first, last] = range;
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? "unsatisfiable" : { start: size - length, end: size };
  }
  const start = Number(first);
  const end = last === "" ? size : Math.min(Number(last) + 1, size);
  if (last !== "" && Number(last) < start) return null;
  return start >= size ? "unsatisfiable" : { start, end };
}
