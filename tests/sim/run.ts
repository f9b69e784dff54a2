/**
 * Replays one seed, or looks for a bad one:
 *
 *   deno run -A tests/sim/run.ts --seed 123 --trace
 *   deno run -A tests/sim/run.ts --seeds 10000 --from 5000
 */

import { parseArgs } from "node:util";
import { MUTANTS } from "./mutants.ts";
import { type Outcome, simulate, STEPS } from "./simulate.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    seeds: { type: "string", default: "1" },
    from: { type: "string", default: "1" },
    steps: { type: "string", default: String(STEPS) },
    trace: { type: "boolean", default: false },
    mutant: { type: "string" },
  },
});

const began = performance.now();
const print = values.trace ? (line: string) => console.log(line) : undefined;
const mutant = values.mutant === undefined ? undefined : MUTANTS[values.mutant];
const first = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;
const total = { tasks: 0, messages: 0, bad: 0 };

for (let seed = first; seed < first + count; seed++) {
  const outcome = await simulate({ seed, steps: Number(values.steps), print, mutant });
  total.tasks += outcome.tasks;
  total.messages += outcome.messages;
  if (outcome.violations.length > 0) total.bad++;
  if (count === 1 || outcome.violations.length > 0) tell(outcome);
}
const seconds = (performance.now() - began) / 1000;
console.log(
  `${count} seeds, ${total.messages} messages, ${total.tasks} tasks in ${seconds.toFixed(1)} s ` +
    `(${(count / seconds).toFixed(0)} seeds/s), ${total.bad} bad`,
);
Deno.exit(total.bad > 0 ? 1 : 0);

function tell({ seed, hash, violations, tasks, messages }: Outcome): void {
  console.log(`seed ${seed}: ${messages} messages, ${tasks} tasks, trace ${hash}`);
  for (const violation of violations) console.log(`  ${violation}`);
}
