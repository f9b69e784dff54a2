/**
 * Fresh's and the builder's options. Run as a program it builds, serves, or serves for development:
 * `deno run -A fresh.config.ts build | serve | start | dev | demo`.
 */

import { Builder } from "fresh/dev";
import { ConfigError, readConfig } from "./lib/config.ts";
import { buildCss } from "./lib/css.ts";
import { emojiList } from "./lib/emoji_list.ts";

const ROOT = import.meta.dirname!;
const STYLES = new URL("./static/styles.css", import.meta.url);
const EMOJI = new URL("./static/emoji.json", import.meta.url);
const SERVER = new URL("./_fresh/server.js", import.meta.url);

/** What the browsers of the last years understand; see https://esbuild.github.io/api/#target */
const builder = new Builder({ root: ROOT, target: ["chrome111", "firefox113", "safari16.4"] });

/** Writes the stylesheet, the list of emoji and the production build. */
async function build(): Promise<void> {
  await writeGenerated();
  await builder.build();
}

/** Builds and serves at `PORT`. */
async function start(): Promise<void> {
  readConfig(Deno.env.toObject()); // a mistake shows before the work
  await build();
  await serve();
}

/** Serves what was built at `PORT`. */
async function serve(): Promise<void> {
  const config = readConfig(Deno.env.toObject());
  const { default: server } = await import(SERVER.href).catch((error) => {
    if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new ConfigError("There is no build yet; run `deno task build` first.");
  });
  await listen(server.fetch, config);
}

/** Serves with rebuilding; run it under `--watch`, so that a change restarts it. */
async function dev(): Promise<void> {
  const { port } = readConfig(Deno.env.toObject());
  await writeGenerated();
  await builder.listen(() => import("./main.ts"), { port });
}

/** Fills a throw-away database with people and conversations, and serves it. */
async function demo(): Promise<void> {
  const { seedDemo } = await import("./lib/demo/seed.ts");
  const folder = await Deno.makeTempDir({ prefix: "parley-demo-" });
  const path = `${folder}/demo.kv`;
  console.log(await seedDemo(path));
  Deno.env.set("DENO_KV_PATH", path);
  await start();
}

async function writeGenerated(): Promise<void> {
  await Deno.writeTextFile(STYLES, await buildCss({ root: ROOT }));
  await Deno.writeTextFile(EMOJI, JSON.stringify(emojiList()));
}

async function listen(
  fetch: Deno.ServeHandler,
  { port, host }: { port: number; host: string },
): Promise<void> {
  const onListen = ({ port }: Deno.NetAddr) => {
    console.log(`Parley is ready at http://localhost:${port}`);
  };
  try {
    await Deno.serve({ port, hostname: host, onListen }, fetch).finished;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new ConfigError(`Port ${port} is in use; set PORT to another one.`);
    }
    if (
      error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.AddrNotAvailable
    ) {
      throw new ConfigError(`Cannot listen at ${host}, port ${port}: ${error.message}.`);
    }
    throw error;
  }
}

if (import.meta.main) {
  const commands: Record<string, () => Promise<void>> = { build, serve, start, dev, demo };
  const command = commands[Deno.args[0]];
  if (!command) {
    console.error(`Usage: deno run -A fresh.config.ts ${Object.keys(commands).join(" | ")}`);
    Deno.exit(2);
  }
  try {
    await command();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
