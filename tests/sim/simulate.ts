/** One seed: a town is built, lives through trouble, heals, and is judged. */

import { booksProblem } from "./books.ts";
import { calmKv, roughKv, roughNet } from "./faults.ts";
import { install } from "./globals.ts";
import { heal } from "./healing.ts";
import { windowProblem } from "./invariants.ts";
import { doSomething, drawHabits } from "./mischief.ts";
import { type Mutant, Town } from "./town.ts";
import { World, type WorldOptions } from "./world.ts";

/** Things that are done before the healing, when nothing else is asked for. */
export const STEPS = 80;
/** How often all windows and the books of files are looked at, in steps. */
const LOOK_EVERY = 8;

/** What a run is asked to be. */
export interface SimulationOptions extends WorldOptions {
  steps?: number;
  mutant?: Mutant;
}

/** What became of a run. */
export interface Outcome {
  seed: number;
  /** Of the whole trace: the same for the same seed. */
  hash: string;
  /** Broken promises. */
  violations: string[];
  tasks: number;
  messages: number;
}

/** Runs one seed. */
export async function simulate(
  { steps = STEPS, mutant, ...options }: SimulationOptions,
): Promise<Outcome> {
  const world = new World(options);
  using _ = install(world);
  const town = new Town(world, mutant);
  try {
    await build(town);
    await live(town, steps);
    await heal(town);
  } catch (error) {
    world.fail(error instanceof Error ? error.stack ?? error.message : String(error));
  }
  const { seed, hash, violations, tasks } = world;
  return { seed, hash, violations, tasks, messages: town.ledger.said.size };
}

async function build(town: Town): Promise<void> {
  const { world } = town;
  const { random } = world;
  const people = random.int(2, 4);
  const rooms = Math.min(random.int(1, 3), people * (people - 1) / 2);
  const groups = random.pick([0, 1, 1, 2]);
  await world.settle(town.settle({ people, rooms, groups, devices: random.int(1, 2) }));
  town.remote = random.chance(0.5);
  const rough = roughKv(random);
  town.kvWeather = () => random.chance(0.5) ? { ...rough } : { ...calmKv() };
  town.net = roughNet(random);
  for (let n = random.int(2, 3); n > 0; n--) town.startInstance();
  for (const device of town.devices) town.openTab(device);
  await world.advance(random.pick([0, 100, 3_000]));
}

async function live(town: Town, steps: number): Promise<void> {
  const habits = drawHabits(town);
  for (let step = 1; step <= steps; step++) {
    await doSomething(town, habits);
    if (step % LOOK_EVERY === 0) lookAround(town);
    if (town.world.violations.length > 0) return;
  }
}

function lookAround(town: Town): void {
  const unsound = booksProblem(town);
  if (unsound) town.world.fail(unsound);
  for (const tab of town.openTabs) {
    for (const room of tab.model?.rooms.value ?? []) {
      const problem = windowProblem(town, tab, room);
      if (problem) town.world.fail(problem);
    }
  }
}
