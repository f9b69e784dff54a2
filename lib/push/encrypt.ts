/**
 * The content of a push message, encrypted for one browser: RFC 8291 on the encoding `aes128gcm` of
 * RFC 8188, in one record. Only the browser that made the keys can read it; the push service sees
 * a length, and not even the exact one, because the text is padded.
 */

import { decodeBase64Url } from "../store/base64.ts";
import { concat } from "../chat/bytes.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What a browser gives with its subscription, in base64url. */
export interface PushKeys {
  /** Its public key: an uncompressed point on P-256, 65 bytes. */
  p256dh: string;
  /** Its secret, 16 bytes. */
  auth: string;
}

/** Most bytes of a text: push services take 4,096 of the whole. */
export const MAX_PUSH_BYTES = 3_993;
/** Texts are padded to a multiple of this. */
const PAD_BYTES = 256;
const RECORD_BYTES = 4_096;
const CURVE = { name: "ECDH", namedCurve: "P-256" };

/** Choices that are random, but for the published example. */
export interface EncryptOptions {
  salt?: Bytes;
  pair?: CryptoKeyPair;
  padded?: boolean;
}

/** The body of a push. Throws for keys that are none and for a text that is too long. */
export async function encryptPush(
  text: string,
  keys: PushKeys,
  { salt = random(16), pair, padded = true }: EncryptOptions = {},
): Promise<Bytes> {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > MAX_PUSH_BYTES) {
    throw new RangeError(`A push of ${bytes.length} bytes is too long; ${MAX_PUSH_BYTES} fit.`);
  }
  pair ??= await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]) as CryptoKeyPair;
  const own = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const secret = await sharedSecret(pair.privateKey, own, keys);
  const key = await hkdf(secret, { salt, info: label("Content-Encoding: aes128gcm"), length: 16 });
  const iv = await hkdf(secret, { salt, info: label("Content-Encoding: nonce"), length: 12 });
  const cipher = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const record = concat([bytes, [2], new Uint8Array(padded ? paddingFor(bytes.length) : 0)]);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, cipher, record);
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, RECORD_BYTES);
  return concat([salt, size, [own.length], own, new Uint8Array(sealed)]);
}

/** Whether keys that a client sent can be encrypted for; a point off the curve shows only by use. */
export async function arePushKeys(keys: PushKeys): Promise<boolean> {
  try {
    if (decodeBase64Url(keys.auth).length !== 16) return false;
    await encryptPush("", keys);
    return true;
  } catch {
    return false;
  }
}

/** RFC 8291, section 3.4. */
async function sharedSecret(mine: CryptoKey, own: Bytes, keys: PushKeys): Promise<Bytes> {
  const theirs = decodeBase64Url(keys.p256dh);
  const algorithm = { name: "ECDH", public: await importPublic(theirs) };
  const bits = new Uint8Array(await crypto.subtle.deriveBits(algorithm, mine, 256));
  const info = concat([label("WebPush: info"), theirs, own]);
  return await hkdf(bits, { salt: decodeBase64Url(keys.auth), info, length: 32 });
}

function importPublic(bytes: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, CURVE, false, []);
}

async function hkdf(
  secret: Bytes,
  { salt, info, length }: { salt: Bytes; info: Bytes; length: number },
): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const algorithm = { name: "HKDF", hash: "SHA-256", salt, info };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, length * 8));
}

function paddingFor(length: number): number {
  const padded = Math.ceil((length + 1) / PAD_BYTES) * PAD_BYTES - 1;
  return Math.min(padded, MAX_PUSH_BYTES) - length;
}

function label(text: string): Bytes {
  return new TextEncoder().encode(`${text}\0`);
}

function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}
