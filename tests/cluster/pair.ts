/** Two Parley processes on one denokv, as two machines would be. */

import { type Client, clientOf, register } from "../helpers/client.ts";
import { type DenokvServer, startDenokv } from "../helpers/denokv.ts";
import { startServer, type TestServer } from "../helpers/server.ts";

export interface Pair extends AsyncDisposable {
  denokv: DenokvServer;
  /** The two processes. */
  one: TestServer;
  two: TestServer;
  /** What both got in their environment. */
  env: Record<string, string>;
}

/** Starts all three; for people that post fast, without a limit on it. */
export async function startPair(): Promise<Pair> {
  const denokv = await startDenokv();
  const env = { DENO_KV_ACCESS_TOKEN: denokv.token, POSTS_PER_SECOND: "1000" };
  const options = { env, kvPath: denokv.url };
  const [one, two] = await Promise.all([startServer(options), startServer(options)]);
  return {
    denokv,
    one,
    two,
    env,
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]();
      await two[Symbol.asyncDispose]();
      await denokv[Symbol.asyncDispose]();
    },
  };
}

/** Registers a person at one process. */
export function join(server: TestServer, username: string): Promise<Client> {
  return register(server.origin, username);
}

/** The same person, with the same session, at another process. */
export function at(server: TestServer, { cookie }: Client): Promise<Client> {
  return clientOf(server.origin, cookie);
}
