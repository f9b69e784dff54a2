/**
 * What Parley does in a second, measured from outside: the production build as a process of its
 * own, driven over real sockets on 127.0.0.1. Prints one JSON line for each scenario. Ends by
 * itself, with everything it started.
 *
 *     deno run -A tests/bench/load.ts [--quick] [--only pairs,fanout,…]
 *
 * What the figures mean and what they were: docs/performance.md.
 */

import { endWithin } from "./processes.ts";
import { Report } from "./report.ts";
import { idle } from "./scenarios/idle.ts";
import { resume } from "./scenarios/resume.ts";
import { search } from "./scenarios/search.ts";
import { ssr } from "./scenarios/ssr.ts";
import { fanout, instances, pairs } from "./scenarios/talk.ts";
import { yardstick } from "./scenarios/yardstick.ts";

const MAX_MINUTES = 15;

/** In this order; `baseline` is compared with what comes right before it, as machines change their pace. */
const scenarios: Record<string, (report: Report) => Promise<void>> = {
  pairs,
  fanout,
  baseline: yardstick,
  resume,
  search,
  ssr,
  idle,
  instances,
};

async function main(args: string[]): Promise<void> {
  const wanted = namesIn(args);
  const report = new Report({ quick: args.includes("--quick") });
  endWithin(MAX_MINUTES);
  for (const name of wanted) await scenarios[name](report);
}

function namesIn(args: string[]): string[] {
  const all = Object.keys(scenarios);
  const at = args.indexOf("--only");
  const names = at < 0 ? all : (args[at + 1] ?? "").split(",");
  const unknown = [
    ...names.filter((name) => !all.includes(name)),
    ...args.filter((arg, n) => arg !== "--quick" && n !== at && (at < 0 || n !== at + 1)),
  ];
  if (unknown.length === 0) return all.filter((name) => names.includes(name));
  console.error(`Usage: load.ts [--quick] [--only ${all.join(",")}]; not known: ${unknown}`);
  Deno.exit(2);
}

if (import.meta.main) {
  await main(Deno.args);
  Deno.exit(0); // idle HTTP connections would hold the process
}
