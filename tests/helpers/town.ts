/** A server with people at it, for the tests of one file or of one test. */

import { type Client, register } from "./client.ts";
import { allowsAll } from "./permissions.ts";
import { startServer, type TestServer } from "./server.ts";

/** People by the name that they sign in with. */
export type Town<Names extends string> = AsyncDisposable & Record<Names, Client> & {
  server: TestServer;
};

interface TownOptions {
  env?: Record<string, string>;
}

/** Starts a server and registers people: `{ ada: "Ada" }`. Declare it with `await using`. */
export async function startTown<Names extends string>(
  names: Record<Names, string>,
  options: TownOptions = {},
): Promise<Town<Names>> {
  await using made = new AsyncDisposableStack();
  const server = made.use(await startServer(options));
  const people = {} as Record<Names, Client>;
  for (const [username, name] of Object.entries<string>(names)) {
    people[username as Names] = await register(server.origin, username, name);
  }
  const all = made.move();
  return { server, ...people, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** What declares tests that share a town; ignored where no server can be started. */
export function testsInTown<Names extends string>(
  names: Record<Names, string>,
  { prepare, ...options }: TownOptions & { prepare: (town: Town<Names>) => unknown },
): (name: string, run: () => Promise<void>) => void {
  if (allowsAll) {
    let town: Town<Names> | undefined;
    Deno.test.beforeAll(async () => {
      town = await startTown(names, options);
      await prepare(town);
    });
    Deno.test.afterAll(async () => await town?.[Symbol.asyncDispose]());
  }
  return (name, run) => Deno.test({ name, ignore: !allowsAll, fn: run });
}
