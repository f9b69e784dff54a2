/**
 * `denokv`, the self-hosted KV Connect server that several Parley processes share: finds it, starts
 * it on 127.0.0.1, and kills and restarts it on the same port and file. Run as a program
 * (`deno task denokv`) it installs what is missing and serves `data/denokv.sqlite` on port 4512.
 *
 * denokv keeps SQLite in WAL mode with `synchronous=FULL`, its build's default: a commit is synced
 * to the log before it is answered, so what was answered outlives `kill -9`.
 */

import { allowsAll } from "./permissions.ts";

const INSTALL = "cargo install denokv --locked";
const START_MS = 30_000;

/** Where denokv is, or `null`. Says once how to get it. */
export const denokvPath = allowsAll ? findDenokv() : null;
if (allowsAll && !denokvPath) {
  console.log(`Tests on several processes are ignored: no denokv. Get it by \`${INSTALL}\`.`);
}

/** A KV Connect server that can be killed and started again. */
export interface DenokvServer extends AsyncDisposable {
  /** What `Deno.openKv` and `DENO_KV_PATH` take. */
  readonly url: string;
  /** What `DENO_KV_ACCESS_TOKEN` takes. */
  readonly token: string;
  readonly pid: number;
  /** Sends a signal; ends the process for all but SIGSTOP and SIGCONT, and then waits for that. */
  signal(name: Deno.Signal): Promise<void>;
  /** Starts it again after it was ended, on the same port and file. */
  restart(): Promise<void>;
}

/** Starts a server and waits until it answers. Without a path the file is temporary. */
export async function startDenokv(
  { path, port = freePort(), token = crypto.randomUUID() }: {
    path?: string;
    port?: number;
    token?: string;
  } = {},
): Promise<DenokvServer> {
  const folder = path ? null : await Deno.makeTempDir({ prefix: "parley-denokv-" });
  const options = { path: path ?? `${folder}/kv.sqlite`, port, token };
  let child = await spawn(options);
  const end = async (name: Deno.Signal) => {
    try {
      child.kill(name);
    } catch {
      // It has ended by itself.
    }
    if (name !== "SIGSTOP" && name !== "SIGCONT") await child.status;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    get pid() {
      return child.pid;
    },
    signal: end,
    async restart() {
      child = await spawn(options);
    },
    async [Symbol.asyncDispose]() {
      await end("SIGKILL");
      if (folder) await Deno.remove(folder, { recursive: true });
    },
  };
}

async function spawn({ path, port, token }: { path: string; port: number; token: string }) {
  const command = findDenokv();
  if (!command) throw new Error(`There is no denokv; get it by \`${INSTALL}\`.`);
  const child = new Deno.Command(command, {
    args: ["--sqlite-path", path, "serve", "--addr", `127.0.0.1:${port}`],
    env: { DENO_KV_ACCESS_TOKEN: token, RUST_LOG: "error" },
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  for (const deadline = Date.now() + START_MS; !await answers(port, token);) {
    if (Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`denokv did not answer on port ${port} within ${START_MS} ms.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return child;
}

/** Whether the metadata exchange, with which each client begins, succeeds. */
async function answers(port: number, token: string): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ supportedVersions: [2, 3] }),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** A port that was free a moment ago. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

function findDenokv(): string | null {
  const name = Deno.build.os === "windows" ? "denokv.exe" : "denokv";
  const separator = Deno.build.os === "windows" ? ";" : ":";
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE") ?? "";
  const cargo = `${Deno.env.get("CARGO_HOME") ?? `${home}/.cargo`}/bin`;
  const folders = (Deno.env.get("PATH") ?? "").split(separator);
  for (const folder of [...folders, cargo]) {
    const path = `${folder}/${name}`;
    if (folder && isFile(path)) return path;
  }
  return null;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Builds denokv from its published source; takes some minutes. */
async function install(): Promise<void> {
  const [program, ...args] = INSTALL.split(" ");
  const { success } = await new Deno.Command(program, { args }).spawn().status.catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error("There is no cargo; get Rust at https://rustup.rs and run this again.");
  });
  if (!success) throw new Error(`\`${INSTALL}\` failed.`);
}

async function serve(): Promise<void> {
  if (!findDenokv()) await install();
  await Deno.mkdir("data", { recursive: true });
  const token = Deno.env.get("DENO_KV_ACCESS_TOKEN") ?? crypto.randomUUID();
  const server = await startDenokv({ path: "data/denokv.sqlite", port: 4512, token });
  console.log(`denokv serves data/denokv.sqlite. Start as many Parleys on it as you like:

  DENO_KV_PATH=${server.url} DENO_KV_ACCESS_TOKEN=${token} PORT=8000 deno task start
`);
  const stop = () => void server.signal("SIGTERM").then(() => Deno.exit(0));
  Deno.addSignalListener("SIGINT", stop);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", stop);
}

if (import.meta.main) await serve();
