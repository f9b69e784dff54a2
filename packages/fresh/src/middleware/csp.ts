/**
 * Sets `Content-Security-Policy`. With `useNonce`, a rendered page gets a nonce instead of
 * `'unsafe-inline'`. The header is also set on error pages, which bypass the middlewares.
 */
import { type Context, INTERNALS } from "../context.ts";
import type { MiddlewareFn } from "../types.ts";

/** What the policy says and how it is sent. */
export interface CspOptions {
  /** Directives that add to the defaults or replace those of the same name. */
  csp?: string[];
  reportOnly?: boolean;
  /** URL that browsers report violations to. */
  reportTo?: string;
  useNonce?: boolean;
}

const DEFAULTS = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
];

const NONCE_DIRECTIVES = new Set([
  "default-src",
  "script-src",
  "script-src-elem",
  "style-src",
  "style-src-elem",
  "style-src-attr",
]);

/** Makes the middleware. */
export function csp<State>(options: CspOptions = {}): MiddlewareFn<State> {
  const directives = merge(options);
  const header = options.reportOnly
    ? "content-security-policy-report-only"
    : "content-security-policy";
  const fixed = directives.join("; ");
  return (ctx) => {
    const internals = ctx[INTERNALS];
    internals.useNonce ||= options.useNonce ?? false;
    internals.finalizers.push((response) => {
      const nonce = options.useNonce ? nonceOf(ctx, response) : null;
      response.headers.set(header, nonce ? withNonce(directives, nonce) : fixed);
      if (options.reportTo) {
        response.headers.set(
          "reporting-endpoints",
          `csp-endpoint="${options.reportTo}"`,
        );
      }
    });
    return ctx.next();
  };
}

function merge(options: CspOptions): string[] {
  const byName = new Map<string, string>();
  const report = options.reportTo
    ? ["report-to csp-endpoint", `report-uri ${options.reportTo}`]
    : [];
  for (const directive of [...DEFAULTS, ...options.csp ?? [], ...report]) {
    const text = directive.trim().replace(/;$/, "");
    if (text) byName.set(nameOf(text), text);
  }
  return [...byName.values()];
}

function nameOf(directive: string): string {
  return directive.split(/\s/, 1)[0].toLowerCase();
}

/** The nonce of a rendered page; other responses have no tags that could carry it. */
function nonceOf<State>(ctx: Context<State>, response: Response): string | null {
  const isPage = response.headers.get("content-type")?.startsWith("text/html");
  return isPage ? ctx[INTERNALS].nonce : null;
}

function withNonce(directives: string[], nonce: string): string {
  return directives
    .map((directive) =>
      NONCE_DIRECTIVES.has(nameOf(directive))
        ? directive.replaceAll("'unsafe-inline'", `'nonce-${nonce}'`)
        : directive
    )
    .join("; ");
}
