/**
 * One push to one device: encrypted, signed, given to the push service of its browser. Answers what
 * became of it and never throws; trying again is the caller's, who must look first whether the
 * message is still to be told. Redirects are not followed: an endpoint is at an allowed host or not.
 */

import { encodeBase64Url } from "../store/base64.ts";
import type { PushDevice } from "../store/push_devices.ts";
import { PUSH_TTL_MS } from "../store/pushed.ts";
import { encryptPush } from "./encrypt.ts";
import { mayPushTo } from "./hosts.ts";
import type { Vapid } from "./vapid.ts";

/** RFC 8030, section 5.3: whether it may wake a device that saves its battery. */
export type Urgency = "low" | "normal" | "high";

/** What is sent. */
export interface Push {
  /** JSON for the service worker. */
  text: string;
  urgency: Urgency;
  /** Pushes about the same subject replace each other while the device is away. */
  subject: string;
}

/** What became of a push. `again`: for now it could not be taken. */
export type Outcome = "sent" | "gone" | "refused" | { again: true; afterMs: number | null };

/** How the sender reaches push services. */
export interface SenderOptions {
  vapid: Vapid;
  /** See `hosts.ts`. */
  hosts: readonly string[];
  fetch?: typeof fetch;
}

/** A push service that does not answer for so long is away. */
const TIMEOUT_MS = 10_000;

export class PushSender {
  readonly vapid: Vapid;
  readonly hosts: readonly string[];
  #fetch: typeof fetch;

  constructor({ vapid, hosts, fetch = globalThis.fetch }: SenderOptions) {
    this.vapid = vapid;
    this.hosts = hosts;
    this.#fetch = fetch;
  }

  async send(device: PushDevice, push: Push): Promise<Outcome> {
    if (!mayPushTo(device.endpoint, this.hosts)) return "gone";
    try {
      const response = await this.#post(device, push);
      await response.body?.cancel();
      return outcomeOf(response);
    } catch (error) {
      if (error instanceof RangeError) return "refused";
      return { again: true, afterMs: null };
    }
  }

  async #post(device: PushDevice, { text, urgency, subject }: Push): Promise<Response> {
    const [body, authorization, topic] = await Promise.all([
      encryptPush(text, device),
      this.vapid.authorization(device.endpoint),
      topicOf(device, subject),
    ]);
    return await this.#fetch(device.endpoint, {
      method: "POST",
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        authorization,
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        ttl: String(PUSH_TTL_MS / 1000),
        urgency,
        topic,
      },
      body,
    });
  }
}

function outcomeOf({ status, headers }: Response): Outcome {
  if (status >= 200 && status < 300) return "sent";
  if (status === 404 || status === 410) return "gone";
  if (status === 429 || status >= 500) {
    return { again: true, afterMs: retryAfter(headers.get("retry-after")) };
  }
  return "refused";
}

/** Seconds or a date, as milliseconds from now. */
function retryAfter(value: string | null): number | null {
  if (value === null) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

/**
 * RFC 8030, section 5.4: at most 32 characters. Made with the device's secret, so that a push
 * service cannot tell which of its devices are in the same room.
 */
async function topicOf({ auth }: PushDevice, subject: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${auth} ${subject}`);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return encodeBase64Url(new Uint8Array(digest, 0, 24));
}
