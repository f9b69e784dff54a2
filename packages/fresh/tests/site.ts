/** Builds the fixture once for all tests of a file, in memory. */
import type { App } from "fresh";
import { Builder } from "fresh/dev";
import { processesEnd } from "./processes.ts";

const root = import.meta.dirname + "/fixture";

/** A builder whose builds leave no process behind. */
class CleanBuilder extends Builder {
  override async build(...options: Parameters<Builder["build"]>) {
    try {
      return await super.build(...options);
    } finally {
      await processesEnd();
    }
  }
}

/** The fixture's builder, with its output below `tests/tmp`. */
export function fixtureBuilder(options: { root?: string; outDir?: string } = {}): Builder {
  return new CleanBuilder({ root, ...options });
}

let built: Promise<<State>(app: App<State>) => void> | undefined;

/** Gives the fixture's build to an app. */
export async function applyBuild<State>(app: App<State>): Promise<App<State>> {
  built ??= fixtureBuilder().build({ snapshot: "memory" });
  (await built)(app);
  return app;
}

/** Asks the fixture app. */
export async function ask(path: string, init?: RequestInit): Promise<Response> {
  const { app } = await import("./fixture/main.ts");
  await applyBuild(app);
  return await app.handler()(new Request(`http://localhost${path}`, init));
}
