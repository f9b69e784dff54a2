/**
 * Thousands of seeds of the whole chat, client and server, in virtual time. A seed that fails is
 * named with the command that replays it. `SIM_SEEDS` sets how many, `SIM_FROM` the first one.
 */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { MUTANTS } from "./mutants.ts";
import { simulate } from "./simulate.ts";

const SEEDS = read("SIM_SEEDS", 2_000);
const FROM = read("SIM_FROM", 1);
/** Seeds within which each broken variant must be noticed. */
const NOTICED_WITHIN = 100;

function read(name: string, otherwise: number): number {
  const allowed = Deno.permissions.querySync({ name: "env", variable: name }).state === "granted";
  return Number(allowed && Deno.env.get(name) || otherwise);
}

Deno.test(`${SEEDS} worlds full of trouble: nothing lost, nothing doubled, one order`, async () => {
  const bad: string[] = [];
  for (let seed = FROM; seed < FROM + SEEDS && bad.length < 5; seed++) {
    const { violations } = await simulate({ seed });
    if (violations.length === 0) continue;
    bad.push(`deno run -A tests/sim/run.ts --seed ${seed} --trace\n  ${violations.join("\n  ")}`);
  }
  assertEquals(bad, [], `Replay with:\n${bad.join("\n")}\n`);
});

Deno.test("a seed replays exactly, and another one is another world", async () => {
  for (const seed of [7, 77, 777]) {
    const [first, again, other] = [
      await simulate({ seed }),
      await simulate({ seed }),
      await simulate({ seed: seed + 1 }),
    ];
    assertEquals(again, first);
    assertNotEquals(other.hash, first.hash);
  }
});

for (const [what, mutant] of Object.entries(MUTANTS)) {
  Deno.test(`it is noticed when ${what}`, async () => {
    for (let seed = 1; seed <= NOTICED_WITHIN; seed++) {
      if ((await simulate({ seed, mutant })).violations.length > 0) return;
    }
    assert(false, `${NOTICED_WITHIN} seeds noticed nothing`);
  });
}
