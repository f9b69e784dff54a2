/** Random ids and tokens: unguessable, safe in URLs and as KV key parts. */

import { encodeBase64Url } from "./base64.ts";

/** A new id of 16 characters (96 random bits). */
export function newId(): string {
  return encodeBase64Url(crypto.getRandomValues(new Uint8Array(12)));
}

/** Whether a text has the form of an id. */
export function isId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}

/** A new secret of 43 characters (256 random bits). */
export function newToken(): string {
  return encodeBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}

/** SHA-256 of a token, as it is stored: a leaked database opens no session. */
export async function hashToken(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return encodeBase64Url(new Uint8Array(digest));
}

/** A new token for a link, of 22 characters (128 random bits): short enough to be passed on. */
export function newLinkToken(): string {
  return encodeBase64Url(crypto.getRandomValues(new Uint8Array(16)));
}
