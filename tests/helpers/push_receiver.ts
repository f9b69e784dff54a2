/**
 * The browser's side of web push, written from the specifications and not with the code under
 * test: a device's keys, decryption by RFC 8291 and 8188, and the check of a VAPID token.
 */

import { decodeBase64Url, encodeBase64Url } from "../../lib/store/base64.ts";

type Bytes = Uint8Array<ArrayBuffer>;
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const text = (value: string) => new TextEncoder().encode(value);

/** Keys as a browser makes them for a subscription. */
export class Receiver {
  readonly keys: { p256dh: string; auth: string };
  #pair: CryptoKeyPair;

  private constructor(pair: CryptoKeyPair, keys: { p256dh: string; auth: string }) {
    this.#pair = pair;
    this.keys = keys;
  }

  static async create(): Promise<Receiver> {
    const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]) as CryptoKeyPair;
    return await Receiver.of(pair, crypto.getRandomValues(new Uint8Array(16)));
  }

  static async of(pair: CryptoKeyPair, auth: Bytes): Promise<Receiver> {
    const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    const keys = { p256dh: encodeBase64Url(raw), auth: encodeBase64Url(auth) };
    return new Receiver(pair, keys);
  }

  /** The text of a body in `aes128gcm`. Throws if it is not for these keys, or was changed. */
  async decrypt(body: Bytes): Promise<string> {
    const salt = body.slice(0, 16);
    const idLength = body[20];
    const sender = body.slice(21, 21 + idLength);
    const record = body.slice(21 + idLength);
    const size = new DataView(body.buffer, body.byteOffset).getUint32(16);
    if (record.length > size) throw new Error("More than one record");
    const secret = await this.#secret(sender);
    const key = await derive(secret, salt, text("Content-Encoding: aes128gcm\0"), 16);
    const iv = await derive(secret, salt, text("Content-Encoding: nonce\0"), 12);
    const cipher = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
    const plain = new Uint8Array(
      await crypto.subtle.decrypt({ name: "AES-GCM", iv }, cipher, record),
    );
    const end = plain.findLastIndex((byte) => byte !== 0);
    if (plain[end] !== 2) throw new Error("Not the last record");
    return new TextDecoder().decode(plain.slice(0, end));
  }

  async #secret(sender: Bytes): Promise<Bytes> {
    const theirs = await crypto.subtle.importKey("raw", sender, CURVE, false, []);
    const shared = new Uint8Array(
      await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, this.#pair.privateKey, 256),
    );
    const own = decodeBase64Url(this.keys.p256dh);
    const info = new Uint8Array([...text("WebPush: info\0"), ...own, ...sender]);
    return await derive(shared, decodeBase64Url(this.keys.auth), info, 32);
  }
}

/** The claims of an `Authorization: vapid t=…, k=…`, whose signature is checked. */
export async function readVapid(
  header: string,
): Promise<{ claims: { aud: string; exp: number; sub?: string }; key: string }> {
  const [, token, key] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(header) ?? [];
  if (!token) throw new Error(`No VAPID header: ${header}`);
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const publicKey = await crypto.subtle
    .importKey("raw", decodeBase64Url(key), algorithm, false, ["verify"]);
  const [head, claims, signature] = token.split(".");
  const isRight = await crypto.subtle
    .verify(algorithm, publicKey, decodeBase64Url(signature), text(`${head}.${claims}`));
  if (!isRight) throw new Error("The signature of the token is not right");
  const read = (part: string) => JSON.parse(new TextDecoder().decode(decodeBase64Url(part)));
  if (read(head).alg !== "ES256") throw new Error("Another algorithm");
  return { claims: read(claims), key };
}

async function derive(secret: Bytes, salt: Bytes, info: Bytes, length: number): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const algorithm = { name: "HKDF", hash: "SHA-256", salt, info };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, length * 8));
}
