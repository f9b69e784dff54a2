/**
 * Where an OpenID provider's endpoints are, from the document that it publishes. Fetched when first
 * needed, kept an hour, shared by those who ask at the same time; a failure is not kept.
 * https://openid.net/specs/openid-connect-discovery-1_0.html
 */

import { z } from "zod";
import { fetchJson, ProviderError, secureUrl } from "./fetch_json.ts";

const LIFETIME_MS = 60 * 60 * 1000;

const schema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  userinfo_endpoint: z.string(),
});

/** The endpoints of a provider, all of them https or on this machine. */
export interface Endpoints {
  authorization: string;
  token: string;
  userinfo: string;
}

export interface DiscoveryOptions {
  fetch?: typeof fetch;
  now?: () => number;
}

/** Finds and remembers endpoints by issuer. */
export class Discovery {
  #options: DiscoveryOptions;
  #known = new Map<string, { until: number; endpoints: Promise<Endpoints> }>();

  constructor(options: DiscoveryOptions = {}) {
    this.#options = options;
  }

  /** The endpoints of an issuer. Throws `ProviderError` when they cannot be had or trusted. */
  get(issuer: string): Promise<Endpoints> {
    const now = this.#options.now?.() ?? Date.now();
    const known = this.#known.get(issuer);
    if (known && now < known.until) return known.endpoints;
    const entry = { until: now + LIFETIME_MS, endpoints: this.#fetch(issuer) };
    this.#known.set(issuer, entry);
    entry.endpoints.catch(() => {
      if (this.#known.get(issuer) === entry) this.#known.delete(issuer);
    });
    return entry.endpoints;
  }

  async #fetch(issuer: string): Promise<Endpoints> {
    const address = `${withoutSlash(issuer)}/.well-known/openid-configuration`;
    const result = schema.safeParse(await fetchJson(address, { fetch: this.#options.fetch }));
    if (!result.success) throw new ProviderError(`Endpoints are missing at ${address}`);
    const { data } = result;
    // Another issuer's document must not speak for this one (section 4.3).
    if (withoutSlash(data.issuer) !== withoutSlash(issuer)) {
      throw new ProviderError(`Another issuer answers at ${address}`);
    }
    return {
      authorization: secureUrl(data.authorization_endpoint).href,
      token: secureUrl(data.token_endpoint).href,
      userinfo: secureUrl(data.userinfo_endpoint).href,
    };
  }
}

function withoutSlash(issuer: string): string {
  return issuer.replace(/\/+$/, "");
}
