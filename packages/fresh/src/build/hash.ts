/**
 * Short content hashes, for ETags and the build id.
 */

/** The first 64 bits of SHA-256, in hex. */
export async function hash(content: Uint8Array<ArrayBuffer> | string): Promise<string> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).slice(0, 8).toHex();
}
