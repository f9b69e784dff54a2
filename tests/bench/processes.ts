/**
 * Processes that a benchmark starts, each ended by its own id: when its owner is done, when the
 * benchmark fails, is interrupted or runs out of time. What they use is read from `/proc`.
 */

const running = new Set<Deno.ChildProcess>();
/** Linux counts CPU time in these parts of a second (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;
const START_MS = 20_000;
const STOP_MS = 8_000;

/** A process that ends with its owner. */
export interface Started extends AsyncDisposable {
  readonly pid: number;
}

/** Starts a program. Its errors are shown unless `quiet`. */
export function start(
  program: string,
  args: string[],
  { env, cwd, quiet = false }: { env?: Record<string, string>; cwd?: string; quiet?: boolean } = {},
): Started {
  const command = new Deno.Command(program, {
    args,
    env,
    cwd,
    stdin: "null",
    stdout: "null",
    stderr: quiet ? "null" : "inherit",
  });
  const child = command.spawn();
  running.add(child);
  return { pid: child.pid, [Symbol.asyncDispose]: () => end(child) };
}

/** Asks first, so that a profiler can write its file. */
async function end(child: Deno.ChildProcess): Promise<void> {
  kill(child, "SIGTERM");
  const timer = setTimeout(() => kill(child), STOP_MS);
  await child.status;
  clearTimeout(timer);
  running.delete(child);
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal = "SIGKILL"): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended by itself.
  }
}

/** Ends all that runs when this program is interrupted, or after `minutes` at the latest. */
export function endWithin(minutes: number): void {
  const stop = (why: string) => () => {
    console.error(why);
    for (const child of running) kill(child);
    Deno.exit(1);
  };
  Deno.addSignalListener("SIGINT", stop("Interrupted."));
  Deno.addSignalListener("SIGTERM", stop("Interrupted."));
  addEventListener("unhandledrejection", () => running.forEach((child) => kill(child)));
  Deno.unrefTimer(setTimeout(stop(`Stopped after ${minutes} minutes.`), minutes * 60_000));
}

/** A port of 127.0.0.1 that is free now. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

/** Waits until something listens at a port of 127.0.0.1. */
export async function listening(port: number): Promise<void> {
  for (const deadline = Date.now() + START_MS; Date.now() < deadline;) {
    try {
      return (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    } catch {
      await sleep(50);
    }
  }
  throw new Error(`Nothing listened at port ${port} for ${START_MS} ms`);
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What processes use: memory now, CPU time since they started. */
export interface Usage {
  rssMb: number;
  cpuSeconds: number;
}

/** Sums what processes use; zeros where there is no `/proc`. */
export function usageOf(pids: readonly number[]): Usage {
  const each = pids.map(usageOfOne);
  return {
    rssMb: each.reduce((sum, { rssMb }) => sum + rssMb, 0),
    cpuSeconds: each.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
  };
}

/** CPU of processes since `before`, in percent of one core. */
export function cpuSince(pids: readonly number[], before: Usage, seconds: number): number {
  return (usageOf(pids).cpuSeconds - before.cpuSeconds) / seconds * 100;
}

function usageOfOne(pid: number): Usage {
  try {
    const [, kb] = /VmRSS:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`)) ?? [];
    // Behind the name, which may hold spaces, utime and stime are the 12th and 13th field.
    const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ")[1].split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { rssMb: Number(kb ?? 0) / 1024, cpuSeconds: ticks / TICKS_PER_SECOND };
  } catch {
    return { rssMb: 0, cpuSeconds: 0 };
  }
}
