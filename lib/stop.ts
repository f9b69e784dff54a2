/** Stopping in an orderly way when the system asks for it. */

/** The platform kills a process 5 s after asking; this leaves room for the exit itself. */
const DEADLINE_MS = 4_500;

/** Runs `close` at the first SIGTERM or SIGINT, then exits; a second signal exits at once. */
export function stopOnSignal(close: () => Promise<void>): void {
  let stopping = false;
  const stop = () => {
    if (stopping) Deno.exit(1);
    stopping = true;
    setTimeout(() => Deno.exit(1), DEADLINE_MS);
    close().then(() => Deno.exit(0), (error) => {
      console.error("Stopping failed.", error);
      Deno.exit(1);
    });
  };
  Deno.addSignalListener("SIGINT", stop);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", stop);
}
