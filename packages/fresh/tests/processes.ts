/** The processes that builds have started, to wait for their end: esbuild's `stop()` does not. */
import childProcess, { type ChildProcess } from "node:child_process";
import { once } from "node:events";

const running = new Set<ChildProcess>();
const { spawn } = childProcess;

childProcess.spawn = ((...args: Parameters<typeof spawn>) => {
  const child: ChildProcess = spawn(...args);
  running.add(child);
  child.once("close", () => running.delete(child));
  return child;
}) as typeof spawn;

/** Waits until none of them runs, which a test would see as a leak. */
export async function processesEnd(): Promise<void> {
  await Promise.all([...running].map(async (child) => {
    child.ref(); // esbuild has taken it from what the event loop waits for
    await once(child, "close");
  }));
}
