/**
 * Who came, from what a provider's userinfo endpoint answers. Only the provider's own stable id says
 * who it is; names are what people choose, so they never lead to an existing account.
 */

import { z } from "zod";
import type { ProviderIdentity } from "../store/accounts.ts";
import { ProviderError } from "./fetch_json.ts";

/** A claim that is nice to have: of another type it counts as absent. */
const words = z.string().trim().min(1).optional().catch(undefined);

const gitHubUser = z.object({ id: z.int().positive(), login: z.string().min(1), name: words });

const claims = z.object({
  // OpenID Connect Core, section 2: at most 255 ASCII characters.
  sub: z.string().regex(/^[\x20-\x7e]{1,255}$/),
  preferred_username: words,
  nickname: words,
  name: words,
});

/** The person of GitHub's `GET /user`. Throws {@link ProviderError} when it names nobody. */
export function gitHubIdentity(body: unknown): ProviderIdentity {
  const result = gitHubUser.safeParse(body);
  if (!result.success) throw new ProviderError("GitHub did not say who came");
  const { id, login, name = login } = result.data;
  return { provider: "github", subject: String(id), login, name };
}

/**
 * The person of an OpenID provider's userinfo. `provider` is what makes the subject unique. Throws
 * {@link ProviderError} when it names nobody.
 */
export function openIdIdentity(provider: string, body: unknown): ProviderIdentity {
  const result = claims.safeParse(body);
  if (!result.success) throw new ProviderError("The provider did not say who came");
  const { sub, preferred_username, nickname, name } = result.data;
  // Some providers prefer e-mail addresses; the part before the @ is enough for all to see.
  const login = (preferred_username ?? nickname ?? name ?? "").replace(/@.*$/s, "");
  return { provider, subject: sub, login, name: name ?? login };
}
