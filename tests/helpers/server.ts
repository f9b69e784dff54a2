/**
 * The built app as a process of its own, on a free port of 127.0.0.1 with a database in a temporary
 * folder. Tests of sockets, pages and browsers use it; `deno task build` must have run.
 */

const ROOT = new URL("../../", import.meta.url);

export interface TestServer extends AsyncDisposable {
  /** `http://localhost:PORT` */
  readonly origin: string;
  readonly kvPath: string;
  /** What it printed to stderr so far. */
  readonly errors: () => string;
  /** Ends the process by a signal and waits; answers its exit code. The database stays. */
  stop(signal?: Deno.Signal): Promise<number>;
  /** Starts it again on the same port and database. */
  restart(): Promise<void>;
}

/** Starts a server and waits until it listens. */
export async function startServer(
  { env = {}, kvPath }: { env?: Record<string, string>; kvPath?: string } = {},
): Promise<TestServer> {
  const folder = await Deno.makeTempDir({ prefix: "parley-test-" });
  const path = kvPath ?? `${folder}/test.kv`;
  let running = await run({ PORT: "0", DENO_KV_PATH: path, ...env });
  const port = new URL(running.origin).port;
  return {
    origin: running.origin,
    kvPath: path,
    errors: () => running.errors(),
    stop: (signal = "SIGTERM") => running.stop(signal),
    async restart() {
      running = await run({ DENO_KV_PATH: path, ...env, PORT: port });
    },
    async [Symbol.asyncDispose]() {
      await running.stop("SIGKILL");
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function run(env: Record<string, string>) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "fresh.config.ts", "serve"],
    cwd: ROOT,
    env: { HOST: "127.0.0.1", SIGN_INS_PER_MINUTE: "10000", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let errors = "";
  const drained = drain(child.stderr, (text) => errors += text);
  const stdout = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const origin = await readOrigin(stdout);
  let exit: Promise<number> | undefined;
  const stop = async (signal: Deno.Signal) => {
    kill(child, signal);
    const { code } = await child.status;
    await Promise.all([drained, stdout.cancel()]);
    return code;
  };
  if (!origin) {
    await stop("SIGKILL");
    throw new Error(`The server did not start: ${errors}`);
  }
  return { origin, errors: () => errors, stop: (signal: Deno.Signal) => exit ??= stop(signal) };
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended by itself.
  }
}

async function readOrigin(stdout: ReadableStreamDefaultReader<string>): Promise<string | null> {
  let text = "";
  for (let next = await stdout.read(); !next.done; next = await stdout.read()) {
    text += next.value;
    const match = /ready at (http:\/\/\S+)/.exec(text);
    if (match) return match[1];
  }
  return null;
}

async function drain(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  add: (text: string) => void,
): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) add(text);
}
