/**
 * JSON from a sign-in provider, as careful as a server should be with what it asks for: https (plain
 * http on this very machine only), no redirects, five seconds, 64 KiB. No error tells a token.
 */

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;

/** The provider cannot be used or did not say who came. `message` holds no secrets. */
export class ProviderError extends Error {
  override name = "ProviderError";
}

export interface FetchOptions {
  /** Sent as `Authorization: Bearer`. */
  token?: string;
  fetch?: typeof fetch;
}

/** What the address answers, not checked. Throws {@link ProviderError}. */
export async function fetchJson(address: string, options: FetchOptions = {}): Promise<unknown> {
  const url = secureUrl(address);
  const where = url.origin + url.pathname;
  const text = await fetchText(url, options).catch((error: Error) => {
    throw new ProviderError(`No answer from ${where}: ${error.message}`);
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new ProviderError(`No JSON from ${where}`);
  }
}

/** The URL of an endpoint. Throws {@link ProviderError} unless it is https or on a loopback host. */
export function secureUrl(address: string): URL {
  const url = URL.parse(address);
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url))) return url;
  throw new ProviderError(`Not an https address: ${JSON.stringify(address.slice(0, 200))}`);
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

async function fetchText(url: URL, { token, fetch = globalThis.fetch }: FetchOptions) {
  const response = await fetch(url, {
    headers: {
      accept: "application/json",
      // GitHub refuses requests without one.
      "user-agent": "Parley",
      ...(token && { authorization: `Bearer ${token}` }),
    },
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`status ${response.status}`);
  }
  return readCapped(response);
}

async function readCapped({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
