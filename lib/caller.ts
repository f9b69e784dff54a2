/** Where a request comes from and which address it came to, behind a proxy or not. */

import type { Config } from "./config.ts";

export interface Caller {
  /** The site as the browser knows it: scheme, host and port. */
  origin: string;
  /** Served by https, so cookies are `Secure` and named `__Host-…`. */
  secure: boolean;
  /** The client's network address, for rate limits. */
  address: string;
}

/** Reads the caller of a request. Forwarding headers count only when the proxy is trusted. */
export function readCaller(
  request: Request,
  remote: Deno.Addr | undefined,
  { publicOrigin, trustProxy }: Pick<Config, "publicOrigin" | "trustProxy">,
): Caller {
  const url = new URL(request.url);
  const proto = trustProxy ? lastOf(request.headers.get("x-forwarded-proto")) : null;
  if (proto === "https" || proto === "http") url.protocol = `${proto}:`;
  const origin = publicOrigin ?? url.origin;
  const forwarded = trustProxy ? lastOf(request.headers.get("x-forwarded-for")) : null;
  const hostname = remote && "hostname" in remote ? remote.hostname : "local";
  return { origin, secure: origin.startsWith("https:"), address: forwarded ?? hostname };
}

/** The value that the nearest hop added; the ones before it may be made up. */
function lastOf(header: string | null): string | null {
  return header?.split(",").at(-1)?.trim().slice(0, 64) || null;
}
