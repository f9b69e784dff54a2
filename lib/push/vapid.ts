/**
 * Who sends: RFC 8292. A push service accepts a push for a subscription only with a token that is
 * signed by the key that the browser subscribed with. Tokens are for a push service, not for a
 * message, so one serves for hours.
 */

import { encodeBase64Url } from "../store/base64.ts";
import type { VapidKeys } from "../store/vapid.ts";

/** How long a token is valid; push services take at most 24 hours. */
const VALID_MS = 12 * 60 * 60 * 1000;
/** A token is replaced when less than this is left. */
const RENEW_MS = 60 * 60 * 1000;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** What signs for a site. */
export interface VapidOptions {
  /** Where the operator can be reached, `mailto:` or `https:`. */
  subject: string | null;
  now?: () => number;
}

export class Vapid {
  readonly publicKey: string;
  #key: Promise<CryptoKey>;
  #subject: string | null;
  #now: () => number;
  #tokens = new Map<string, { token: Promise<string>; expiresAt: number }>();

  constructor(keys: VapidKeys, { subject, now = Date.now }: VapidOptions) {
    this.publicKey = keys.publicKey;
    this.#key = crypto.subtle.importKey("jwk", keys.privateKey, ALGORITHM, false, ["sign"]);
    this.#subject = subject;
    this.#now = now;
  }

  /** The `Authorization` of a request to an endpoint. */
  async authorization(endpoint: string): Promise<string> {
    return `vapid t=${await this.#tokenFor(new URL(endpoint).origin)}, k=${this.publicKey}`;
  }

  #tokenFor(audience: string): Promise<string> {
    const known = this.#tokens.get(audience);
    if (known && known.expiresAt - this.#now() > RENEW_MS) return known.token;
    const expiresAt = this.#now() + VALID_MS;
    const token = this.#sign({
      aud: audience,
      exp: Math.floor(expiresAt / 1000),
      ...this.#subject !== null && { sub: this.#subject },
    });
    this.#tokens.set(audience, { token, expiresAt });
    return token;
  }

  async #sign(claims: object): Promise<string> {
    const text = `${part({ typ: "JWT", alg: "ES256" })}.${part(claims)}`;
    const bytes = new TextEncoder().encode(text);
    const signature = await crypto.subtle.sign(ALGORITHM, await this.#key, bytes);
    return `${text}.${encodeBase64Url(new Uint8Array(signature))}`;
  }
}

function part(value: object): string {
  return encodeBase64Url(new TextEncoder().encode(JSON.stringify(value)));
}
