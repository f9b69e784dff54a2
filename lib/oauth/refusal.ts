/**
 * A sign-in with a provider that did not work: one line in the log, and back to the sign-in page,
 * which says a fixed sentence. What went wrong is for the operator; the address is anyone's to write.
 */

/** Logs the reason without secrets and sends the browser to the sign-in page. */
export function refuse(provider: string, request: Request, error: unknown): Response {
  console.warn(`Sign-in with ${provider} failed. ${describe(error, new URL(request.url))}`);
  return toLogin("oauth");
}

/** To the sign-in page, with the name of a sentence that it knows. */
export function toLogin(reason: "oauth" | "closed"): Response {
  return new Response(null, { status: 303, headers: { location: `/login?reason=${reason}` } });
}

/** Neither stack nor cause: they may hold codes and tokens. Quoted, so that it stays one line. */
function describe(error: unknown, { searchParams }: URL): string {
  let text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  for (const secret of [searchParams.get("code"), searchParams.get("state")]) {
    if (secret) text = text.replaceAll(secret, "…");
  }
  return JSON.stringify(text.slice(0, 400));
}
