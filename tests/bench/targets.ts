/**
 * The servers under test, each as processes of their own with a database in a temporary folder:
 * Parley's production build as one process, as two isolates, as two processes on one `denokv`, and
 * the Socket.IO yardstick. `deno task build` must have run.
 */

import config from "../../deno.json" with { type: "json" };
import { type Dialect, parley, socketIo } from "./dialects.ts";
import { freePort, listening, start, type Started } from "./processes.ts";

const ROOT = new URL("../../", import.meta.url);
const YARDSTICK = new URL("./socketio/server.mjs", import.meta.url).pathname;

/** A server that listens. `pids` are the processes whose use is counted. */
export interface Target extends AsyncDisposable {
  dialect: Dialect;
  origins: string[];
  pids: number[];
}

/** A database file in a folder of its own, filled before the server opens it. */
export async function seeded<T>(
  fill: (kv: Deno.Kv) => Promise<T>,
): Promise<{ kvPath: string; seed: T; remove: () => Promise<void> }> {
  const folder = await Deno.makeTempDir({ prefix: "parley-bench-" });
  const kvPath = `${folder}/bench.kv`;
  const kv = await Deno.openKv(kvPath);
  const seed = await fill(kv).finally(() => kv.close());
  return { kvPath, seed, remove: () => Deno.remove(folder, { recursive: true }) };
}

/** One process, as `deno task serve` runs it; `BENCH_DENO_FLAGS` adds flags, `--cpu-prof` say. */
export async function startParley(kvPath: string, env: Env = {}): Promise<Target> {
  const port = freePort();
  const flags = Deno.env.get("BENCH_DENO_FLAGS")?.split(" ").filter(Boolean) ?? [];
  const [_deno, run, ...options] = config.tasks.serve.split(" ");
  const args = [run, ...flags, ...options];
  const server = start(Deno.execPath(), args, {
    cwd: ROOT.pathname,
    env: envOf(port, kvPath, env),
  });
  return await ready(parley, [server], [port]);
}

/** One process with two isolates that share a port. */
export async function startTwoIsolates(kvPath: string): Promise<Target> {
  const port = freePort();
  const args = ["serve", "-A", "--parallel", "--port", `${port}`, "--host", "127.0.0.1"];
  const server = start(Deno.execPath(), [...args, "_fresh/server.js"], {
    cwd: ROOT.pathname,
    env: envOf(port, kvPath, { DENO_JOBS: "2" }),
    quiet: true,
  });
  return await ready(parley, [server], [port]);
}

/** Two processes on one KV Connect server. Throws `Deno.errors.NotFound` without `denokv`. */
export async function startTwoProcesses(kvPath: string): Promise<Target> {
  const [kvPort, ...ports] = [freePort(), freePort(), freePort()];
  const token = crypto.randomUUID();
  const args = ["--sqlite-path", kvPath, "serve", "--access-token", token];
  const kv = start("denokv", [...args, "--addr", `127.0.0.1:${kvPort}`], { quiet: true });
  await listening(kvPort);
  const env = { DENO_KV_ACCESS_TOKEN: token };
  const servers = ports.map((port) =>
    start(Deno.execPath(), ["run", "-A", "fresh.config.ts", "serve"], {
      cwd: ROOT.pathname,
      env: envOf(port, `http://127.0.0.1:${kvPort}`, env),
    })
  );
  return await ready(parley, [...servers, kv], ports);
}

/** The yardstick, with its packages in `packages`. */
export async function startSocketIo(
  { packages, database, synchronous }: { packages: string; database: string; synchronous: string },
): Promise<Target> {
  const port = freePort();
  const args = [YARDSTICK, `${port}`, database, synchronous];
  return await ready(socketIo, [start("node", args, { cwd: packages })], [port]);
}

type Env = Record<string, string>;

/** Limits far above any load, so that the server is measured and not its patience. */
function envOf(port: number, kvPath: string, env: Env): Env {
  return {
    PORT: `${port}`,
    HOST: "127.0.0.1",
    DENO_KV_PATH: kvPath,
    POSTS_PER_SECOND: "100000",
    SIGN_INS_PER_MINUTE: "100000",
    ...env,
  };
}

async function ready(dialect: Dialect, servers: Started[], ports: number[]): Promise<Target> {
  const dispose = async () => {
    for (const server of servers) await server[Symbol.asyncDispose]();
  };
  try {
    await Promise.all(ports.map(listening));
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    dialect,
    origins: ports.map((port) => `http://127.0.0.1:${port}`),
    pids: servers.map(({ pid }) => pid),
    [Symbol.asyncDispose]: dispose,
  };
}
