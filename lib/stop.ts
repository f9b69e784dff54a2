/**
 * Stopping in an orderly way when the system asks for it. Under `deno serve --parallel` each isolate
 * gets the signal, and the first exit ends them all: so an isolate that is done waits for the others.
 * (`deno serve` itself cuts its connections at once, so there sockets end with 1001 and not 1012.)
 */

/** The platform kills a process 5 s after asking; this leaves room for the exit itself. */
const DEADLINE_MS = 4_500;
/** What other isolates of the process get to finish the same work. */
const OTHERS_MS = 300;

/** Runs `close` at the first SIGTERM or SIGINT, then exits; a second signal exits at once. */
export function stopOnSignal(close: () => Promise<void>): void {
  let stopping = false;
  const stop = () => {
    if (stopping) Deno.exit(1);
    stopping = true;
    setTimeout(() => Deno.exit(1), DEADLINE_MS);
    close().then(() => setTimeout(() => Deno.exit(0), OTHERS_MS), (error) => {
      console.error("Stopping failed.", error);
      Deno.exit(1);
    });
  };
  Deno.addSignalListener("SIGINT", stop);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", stop);
}
