/** HTTP at the edge: security headers, error answers, and bodies parsed once through zod. */

import type { Context, Middleware } from "fresh";
import { HttpError } from "fresh";
import { z } from "zod";
import {
  ConflictError,
  CredentialsError,
  InvalidError,
  NotFoundError,
  OverloadedError,
  RateLimitedError,
  TooLargeError,
} from "./chat/errors.ts";
import type { State } from "./define.ts";
import { concat } from "./chat/bytes.ts";

/** Largest form or JSON body, in bytes. */
const MAX_BODY_BYTES = 128 * 1024;

/**
 * Policy of pages. Fresh puts its nonce in the place of `'unsafe-inline'` when it renders (see
 * `csp({ useNonce: true })`). What is no page gets {@link NO_PAGE_POLICY} instead.
 */
export const PAGE_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
];

/** Policy of everything that is not a page, and of error pages, which have no scripts. */
export const NO_PAGE_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** The service worker is no page and asks the site when its subscription changes. */
const WORKER_POLICY = `${NO_PAGE_POLICY}; connect-src 'self'`;

/** Sets the headers that every response has, also static files and errors. */
export const secureHeaders: Middleware<State> = async (ctx) => {
  const response = await ctx.next();
  if (response.status === 101) return response;
  const { headers } = response;
  if (!headers.has("content-security-policy")) {
    const isWorker = ctx.url.pathname === "/sw.js";
    headers.set("content-security-policy", isWorker ? WORKER_POLICY : NO_PAGE_POLICY);
  }
  setCommonHeaders(headers, ctx.state.caller?.secure ?? false);
  return response;
};

function setCommonHeaders(headers: Headers, secure: boolean): void {
  headers.set("x-content-type-options", "nosniff");
  headers.set("referrer-policy", "same-origin");
  headers.set("cross-origin-opener-policy", "same-origin");
  if (!headers.has("cache-control")) headers.set("cache-control", "private, no-store");
  if (secure) headers.set("strict-transport-security", "max-age=31536000");
}

/** An error as HTTP says it. `message` is fit to be shown. */
export interface HttpProblem {
  status: number;
  message: string;
  retryAfterMs?: number;
}

/** The one mapping of errors to statuses. Unknown errors are logged once, under an id. */
export function toProblem(error: unknown): HttpProblem {
  if (error instanceof NotFoundError) return { status: 404, message: error.message };
  if (error instanceof CredentialsError) return { status: 401, message: error.message };
  if (error instanceof TooLargeError) return { status: 413, message: error.message };
  if (error instanceof InvalidError) return { status: 400, message: error.message };
  if (error instanceof ConflictError) return { status: 409, message: error.message };
  if (error instanceof RateLimitedError) {
    const status = error instanceof OverloadedError ? 503 : 429;
    return { status, message: error.message, retryAfterMs: error.retryAfterMs };
  }
  if (error instanceof HttpError) return { status: error.status, message: httpMessage(error) };
  const id = crypto.randomUUID().slice(0, 8);
  console.error(`Request failed, id ${id}.`, error);
  return { status: 500, message: `Something went wrong. If it stays so, tell us this: ${id}.` };
}

function httpMessage({ status, message }: HttpError): string {
  if (status === 403) return "This request was refused: it seems to come from another site.";
  if (status === 404) return "There is nothing at this address.";
  return message;
}

/** A problem as JSON, for the API. */
export function problemJson({ status, message, retryAfterMs }: HttpProblem): Response {
  return Response.json({ error: message, ...(retryAfterMs !== undefined && { retryAfterMs }) }, {
    status,
    headers: problemHeaders({ status, message, retryAfterMs }),
  });
}

/** Headers of an error answer, complete by themselves: no middleware need run after an error. */
export function problemHeaders({ retryAfterMs }: HttpProblem): Headers {
  const headers = new Headers({ "content-security-policy": NO_PAGE_POLICY });
  setCommonHeaders(headers, false);
  if (retryAfterMs !== undefined) {
    headers.set("retry-after", String(Math.ceil(retryAfterMs / 1000)));
  }
  return headers;
}

/** The fields of a posted form. Throws {@link InvalidError} when too big or not of the shape. */
export async function readForm<T extends z.ZodType>(
  request: Request,
  schema: T,
): Promise<z.output<T>> {
  return parseFields(schema, Object.fromEntries(await readFields(request)));
}

/** The fields of a posted form in which a name may stand several times. */
export async function readFields(request: Request): Promise<URLSearchParams> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) {
    throw new InvalidError("This form came in a way that is not understood.");
  }
  return new URLSearchParams(await readBody(request));
}

/** A JSON body. Throws {@link InvalidError} when too big, not JSON or not of the shape. */
export async function readJson<T extends z.ZodType>(
  request: Request,
  schema: T,
): Promise<z.output<T>> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\b/i.test(type)) {
    throw new InvalidError("Send JSON, as application/json.");
  }
  const body = await readBody(request);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new InvalidError("The body is not JSON.");
  }
  return parseFields(schema, value);
}

/** The parameters of a URL's query. Throws {@link InvalidError} when not of the shape. */
export function readQuery<T extends z.ZodType>(url: URL, schema: T): z.output<T> {
  return parseFields(schema, Object.fromEntries(url.searchParams));
}

/** A whole number in a query. */
export const queryNumber = z.string().regex(/^\d{1,15}$/, "is not a whole number").transform(
  Number,
);

/** How much a page in a query is to hold. */
export function limitUpTo(max: number) {
  return queryNumber.pipe(z.number().min(1).max(max)).optional();
}

/** The place of a message in an address; anything else is no page. */
export function seqIn(text: string): number {
  const { success, data } = queryNumber.safeParse(text);
  if (!success) throw new NotFoundError("There is no such message.");
  return data;
}

/** Throws {@link InvalidError} where a value is not of the shape. */
export function parseFields<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue.path.join(".");
  throw new InvalidError(where ? `${where}: ${issue.message}` : issue.message);
}

/** The body as text, never more than {@link MAX_BODY_BYTES} in memory. */
async function readBody(request: Request): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) throw new TooLargeError("The request is too big.");
    chunks.push(chunk);
  }
  return new TextDecoder().decode(concat(chunks));
}

/** Whether a request belongs to the API, whose errors are JSON. */
export function isApi({ url }: Pick<Context<State>, "url">): boolean {
  return url.pathname.startsWith("/api/");
}
