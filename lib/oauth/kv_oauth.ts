/**
 * The only door to `@deno/kv-oauth`. Importing that package opens KV, so it is imported when a
 * sign-in with a provider is first used, never by the app's start, by pages or by tests.
 *
 * It opens the KV that `DENO_KV_PATH` names, by itself. Parley may have chosen its path without the
 * variable, and a sign-in must be found by every instance that shares our database: so the variable
 * is set to our path first. With `:memory:` the package has a database of its own, which serves one
 * instance as well.
 */

type KvOAuth = typeof import("@deno/kv-oauth");

/** A client at a provider, as `createHelpers` takes it. */
export type ClientConfig = Parameters<KvOAuth["createHelpers"]>[0];

/** The package, on the database that Parley uses; `undefined` is Deno Deploy's own. */
export function loadKvOAuth(kvPath: string | undefined): Promise<KvOAuth> {
  if (kvPath !== undefined) Deno.env.set("DENO_KV_PATH", kvPath);
  return import("@deno/kv-oauth");
}
