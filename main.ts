/**
 * The program: reads the configuration, starts the services and builds the app. A problem at start
 * is one sentence and a non-zero exit. A stop signal stores what waits, closes every socket with
 * 1012 and exits.
 */

import { App, csp, csrf, type Middleware, staticFiles, trailingSlashes } from "fresh";
import { renderProblem } from "./lib/problem_page.tsx";
import { readCaller } from "./lib/caller.ts";
import { ConfigError, readConfig } from "./lib/config.ts";
import type { State } from "./lib/define.ts";
import { isApi, PAGE_POLICY, secureHeaders } from "./lib/http.ts";
import { type Services, startServices } from "./lib/services.ts";
import { stopOnSignal } from "./lib/stop.ts";

const services = await start();

/** Pages get the policy with a nonce; what is no page has a stricter one from `secureHeaders`. */
const withNonce = csp<State>({ csp: PAGE_POLICY, useNonce: true });
const pagePolicy: Middleware<State> = (ctx) => isApi(ctx) ? ctx.next() : withNonce(ctx);

export const app = new App<State>()
  .onError("*", (ctx) => renderProblem(ctx, ctx.error))
  .notFound((ctx) => renderProblem(ctx, ctx.error))
  .use(secureHeaders)
  .use(staticFiles())
  .use((ctx) => {
    ctx.state.services = services;
    ctx.state.caller = readCaller(ctx.req, ctx.info.remoteAddr, services.config);
    ctx.state.session = null;
    return ctx.next();
  })
  .use(trailingSlashes("never"))
  .use(pagePolicy)
  .use((ctx) => csrf<State>({ origin: ctx.state.caller.origin })(ctx))
  .fsRoutes();

async function start(): Promise<Services> {
  try {
    const services = await startServices(readConfig(Deno.env.toObject()));
    stopOnSignal(() => services.close());
    return services;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
