/**
 * The key pair by which push services know this site, made by whoever needs it first: one for all
 * instances, for ever. Browsers subscribe with the public key, so another pair would silence
 * every device that was ever turned on.
 */

import { encodeBase64Url } from "./base64.ts";
import { commit } from "./conflicts.ts";
import { keys } from "./keys.ts";

/** As stored. The private key never leaves the server. */
export interface VapidKeys {
  /** Uncompressed point on P-256, base64url, as browsers take it. */
  publicKey: string;
  privateKey: JsonWebKey;
}

/** The site's pair; made if there is none. Of several at once, the first to store wins for all. */
export async function getVapidKeys(kv: Deno.Kv): Promise<VapidKeys> {
  const known = await kv.get<VapidKeys>(keys.vapid());
  if (known.value) return known.value;
  const made = await makeVapidKeys();
  const { ok } = await commit(kv.atomic().check(known).set(keys.vapid(), made));
  return ok ? made : (await kv.get<VapidKeys>(keys.vapid())).value!;
}

/** A new pair. */
export async function makeVapidKeys(): Promise<VapidKeys> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign"]) as CryptoKeyPair;
  const [raw, privateKey] = await Promise.all([
    crypto.subtle.exportKey("raw", pair.publicKey),
    crypto.subtle.exportKey("jwk", pair.privateKey),
  ]);
  return { publicKey: encodeBase64Url(new Uint8Array(raw)), privateKey };
}
