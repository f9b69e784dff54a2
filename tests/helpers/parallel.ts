/** The built app under `deno serve --parallel`: several isolates of one process, one port, one file. */

import { freePort } from "./denokv.ts";

const ROOT = new URL("../../", import.meta.url);
const START_MS = 60_000;

export interface ParallelServer extends AsyncDisposable {
  readonly origin: string;
  readonly kvPath: string;
  /** What it printed to stderr so far. */
  errors(): string;
  /** Ends the process by a signal and waits; answers its exit code. */
  stop(signal?: Deno.Signal): Promise<number>;
}

/** Starts it and waits until every isolate listens. */
export async function startParallel(isolates: number): Promise<ParallelServer> {
  const folder = await Deno.makeTempDir({ prefix: "parley-parallel-" });
  const kvPath = `${folder}/test.kv`;
  const port = freePort();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "serve",
      "-A",
      "--parallel",
      "--host",
      "127.0.0.1",
      "--port",
      `${port}`,
      "_fresh/server.js",
    ],
    cwd: ROOT,
    env: { DENO_JOBS: `${isolates}`, DENO_KV_PATH: kvPath, SIGN_INS_PER_MINUTE: "10000" },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let errors = "";
  const drained = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) errors += text;
  })();
  const stop = async (signal: Deno.Signal) => {
    try {
      child.kill(signal);
    } catch {
      // It has ended by itself.
    }
    const { code } = await child.status;
    await drained;
    return code;
  };
  try {
    await untilRunning(kvPath, isolates, `http://localhost:${port}`);
  } catch (error) {
    await stop("SIGKILL");
    throw new Error(`The server did not start: ${errors}`, { cause: error });
  }
  return {
    origin: `http://localhost:${port}`,
    kvPath,
    errors: () => errors,
    stop: (signal = "SIGTERM") => stop(signal),
    async [Symbol.asyncDispose]() {
      await stop("SIGKILL");
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Waits until so many isolates have announced themselves and one answers. */
async function untilRunning(kvPath: string, isolates: number, origin: string): Promise<void> {
  for (const deadline = Date.now() + START_MS; Date.now() < deadline;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const response = await fetch(`${origin}/api/health`).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok && await countInstances(kvPath) >= isolates) return;
  }
  throw new Error(`Not ${isolates} isolates within ${START_MS} ms`);
}

/** Instances that are announced in a database. */
export async function countInstances(kvPath: string): Promise<number> {
  using kv = await Deno.openKv(kvPath);
  const instances = await Array.fromAsync(kv.list({ prefix: ["instance"] }));
  return instances.length;
}

/** At how many instances of a database a person is online. */
export async function countOnline(kv: Deno.Kv, userId: string): Promise<number> {
  let count = 0;
  for await (const { key } of kv.list({ prefix: ["online"] })) if (key[2] === userId) count++;
  return count;
}
