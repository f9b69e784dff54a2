/** A redirect whose headers can still be changed. */
export function redirect(location: string): Response {
  // A header takes ASCII only, and a line break in it would be an error or worse.
  const ascii = location.replace(/[^\x21-\x7e]+/g, encodeURIComponent);
  return new Response(null, { status: 302, headers: { location: ascii } });
}

/**
 * Where to go afterwards: `success_url`, else the referrer if it is of the same origin, else `/`.
 * As upstream documents it, `success_url` is taken as it comes: an open redirect unless the caller
 * has vetted it.
 */
export function successUrl(request: Request): string {
  const url = new URL(request.url);
  const wanted = url.searchParams.get("success_url");
  if (wanted !== null) return wanted;
  const referrer = request.headers.get("referer");
  return referrer !== null && URL.parse(referrer)?.origin === url.origin ? referrer : "/";
}
