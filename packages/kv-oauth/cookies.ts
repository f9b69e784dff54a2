/** A cookie as `cookieOptions` may change it; the names are those of `@std/http`. */
export interface Cookie {
  name: string;
  value: string;
  maxAge?: number;
  expires?: Date | number;
  domain?: string;
  path?: string;
  secure?: boolean;
  httpOnly?: boolean;
  sameSite?: "Strict" | "Lax" | "None";
}

/** `__Host-` on https: the browser then takes it from this very host only, for every path. */
export function cookieName(name: string, request: Request): string {
  return isHttps(request) ? `__Host-${name}` : name;
}

/** What all our cookies are: for the whole host, out of reach of scripts, sent on navigation. */
export function baseCookie(request: Request) {
  return {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure: isHttps(request),
  } as const;
}

/** The first cookie of that name in the request. */
export function getCookie(request: Request, name: string): string | undefined {
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(
    name.length + 1,
  );
}

export function setCookie(headers: Headers, cookie: Cookie): void {
  headers.append("set-cookie", serialize(cookie));
}

/** Deletes a cookie; name, domain and path must be those it was set with. */
export function deleteCookie(
  headers: Headers,
  cookie: Omit<Cookie, "value">,
): void {
  setCookie(headers, { ...cookie, value: "", maxAge: 0, expires: 0 });
}

function serialize(cookie: Cookie): string {
  const parts = [`${cookie.name}=${cookie.value}`];
  if (cookie.secure) parts.push("Secure");
  if (cookie.httpOnly) parts.push("HttpOnly");
  if (cookie.sameSite) parts.push(`SameSite=${cookie.sameSite}`);
  if (cookie.domain) parts.push(`Domain=${cookie.domain}`);
  if (cookie.path) parts.push(`Path=${cookie.path}`);
  if (cookie.maxAge !== undefined) parts.push(`Max-Age=${cookie.maxAge}`);
  if (cookie.expires !== undefined) {
    parts.push(`Expires=${new Date(cookie.expires).toUTCString()}`);
  }
  return parts.join("; ");
}

function isHttps(request: Request): boolean {
  return new URL(request.url).protocol === "https:";
}
