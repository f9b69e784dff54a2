/**
 * Measures the stand-in: requests a second of rendered pages (one process, its own load over
 * 127.0.0.1, three seconds each), build time, and start to first answer. Prints one JSON line a
 * figure. Run: `deno run -A --config deno.json packages/fresh/bench.ts` from the repository.
 */
import { Builder } from "./dev.ts";

const MEASURE_MS = 3000;
const WARM_MS = 1000;
const START_LIMIT_MS = 10_000;
const CONNECTIONS = 32;
const root = new URL("./tests/fixture/", import.meta.url);
const outDir = new URL("./tests/tmp/bench/", import.meta.url);

function report(name: string, value: number, unit: string): void {
  console.log(JSON.stringify({ name, value: Math.round(value * 10) / 10, unit }));
}

async function measureBuild(): Promise<void> {
  const start = performance.now();
  await new Builder({ root: root.href.slice(7), outDir: outDir.href.slice(7) })
    .build();
  report("build", performance.now() - start, "ms");
}

async function measureStart(): Promise<Deno.ChildProcess & { origin: string }> {
  const port = freePort();
  const entry = `${outDir.href}server.js`;
  const start = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["serve", "-A", "--config", "deno.json", "--host", "127.0.0.1", "--port", port, entry],
    stdout: "null",
    stderr: "null",
  }).spawn();
  const origin = `http://127.0.0.1:${port}`;
  while (!await answers(origin)) {
    if (performance.now() - start > START_LIMIT_MS) {
      child.kill();
      throw new Error(`The server did not answer within ${START_LIMIT_MS} ms`);
    }
    await new Promise((done) => setTimeout(done, 2));
  }
  report("start to first answer", performance.now() - start, "ms");
  return Object.assign(child, { origin });
}

function freePort(): string {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return String(listener.addr.port);
}

async function answers(origin: string): Promise<boolean> {
  try {
    const response = await fetch(`${origin}/small`, { signal: AbortSignal.timeout(1000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function load(url: string, durationMs: number): Promise<number> {
  const end = performance.now() + durationMs;
  let count = 0;
  const client = async () => {
    while (performance.now() < end) {
      await (await fetch(url, { signal: AbortSignal.timeout(durationMs + 5000) })).text();
      count++;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  return count * 1000 / durationMs;
}

/** Calls the handler without a network, to see what rendering alone costs. */
async function measureHandler(path: string): Promise<number> {
  const { default: server } = await import(`${outDir.href}server.js`);
  const run = async (durationMs: number) => {
    const end = performance.now() + durationMs;
    let count = 0;
    while (performance.now() < end) {
      const response: Response = await server.fetch(
        new Request(`http://127.0.0.1${path}`),
      );
      await response.text();
      count++;
    }
    return count * 1000 / durationMs;
  };
  await run(WARM_MS);
  return await run(MEASURE_MS);
}

await measureBuild();
const server = await measureStart();
try {
  for (const path of ["/small", "/small-island"]) {
    await load(server.origin + path, WARM_MS);
    report(
      `over HTTP ${path}`,
      await load(server.origin + path, MEASURE_MS),
      "requests/s",
    );
  }
} finally {
  server.kill();
  await server.status;
}
for (const path of ["/small", "/small-island"]) {
  report(`handler only ${path}`, await measureHandler(path), "requests/s");
}
await Deno.remove(outDir, { recursive: true });
