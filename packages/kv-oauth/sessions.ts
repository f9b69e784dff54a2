/**
 * The two kinds of session in KV: a sign-in under way (ten minutes, usable once) and a signed-in
 * site session (ninety days). KV removes expired records some time after `expireIn`, so each record
 * also holds `expiresAt`, which is judged on every read.
 *
 * Keys: `["kv_oauth", "oauth_session", id]` and `["kv_oauth", "site_session", id]`.
 */

/** How long the provider and the user have between sign-in and callback. */
export const OAUTH_SESSION_TTL_MS = 10 * 60 * 1000;
export const SITE_SESSION_TTL_MS = 90 * 24 * 60 * 60 * 1000;

/** What the callback must know of the sign-in that it ends. */
export interface OAuthSession {
  state: string;
  codeVerifier: string;
  /** Where the code may be sent: only to the provider that the sign-in went to. */
  tokenUri: string;
  successUrl: string;
}

type Stored<T> = T & { expiresAt: number };

export class Sessions {
  #kv: Deno.Kv;
  #now: () => number;

  constructor(kv: Deno.Kv, { now = Date.now }: { now?: () => number } = {}) {
    this.#kv = kv;
    this.#now = now;
  }

  async createOAuthSession(session: OAuthSession): Promise<string> {
    const id = crypto.randomUUID();
    const stored = {
      ...session,
      expiresAt: this.#now() + OAUTH_SESSION_TTL_MS,
    };
    await this.#kv.set(oauthKey(id), stored, {
      expireIn: OAUTH_SESSION_TTL_MS,
    });
    return id;
  }

  /** Removes the session and answers it; null when there is none, or another caller was faster. */
  async takeOAuthSession(id: string): Promise<OAuthSession | null> {
    if (!isId(id)) return null;
    const entry = await this.#kv.get<Stored<OAuthSession>>(oauthKey(id));
    if (entry.value === null) return null;
    // The check makes it one winner of two simultaneous callbacks.
    const { ok } = await this.#kv.atomic().check(entry).delete(entry.key)
      .commit();
    return ok && this.#isAlive(entry.value) ? entry.value : null;
  }

  async createSiteSession(): Promise<string> {
    const id = crypto.randomUUID();
    const stored = { expiresAt: this.#now() + SITE_SESSION_TTL_MS };
    await this.#kv.set(siteKey(id), stored, { expireIn: SITE_SESSION_TTL_MS });
    return id;
  }

  async hasSiteSession(id: string): Promise<boolean> {
    if (!isId(id)) return false;
    const { value } = await this.#kv.get<Stored<unknown>>(siteKey(id));
    return value !== null && this.#isAlive(value);
  }

  async removeSiteSession(id: string): Promise<void> {
    if (isId(id)) await this.#kv.delete(siteKey(id));
  }

  #isAlive({ expiresAt }: { expiresAt: number }): boolean {
    return this.#now() < expiresAt;
  }
}

function oauthKey(id: string): Deno.KvKey {
  return ["kv_oauth", "oauth_session", id];
}

function siteKey(id: string): Deno.KvKey {
  return ["kv_oauth", "site_session", id];
}

/** An id comes from a cookie: KV throws on a key over 2 KiB, so only what we could have made goes in. */
function isId(id: string): boolean {
  return /^[0-9a-f-]{36}$/.test(id);
}
