/** What a benchmark run was asked for, and its results: one JSON line each, for people and programs. */

import { medians, round } from "./latencies.ts";
import type { Window } from "./load_core.ts";

/** How long and how often things are measured. */
export interface Timing {
  warmUpMs: number;
  windowMs: number;
  runs: number;
}

/** The figures of one scenario. */
export type Values = Record<string, number>;

export class Report {
  readonly quick: boolean;
  readonly timing: Timing;
  readonly values = new Map<string, Values>();

  constructor({ quick }: { quick: boolean }) {
    this.quick = quick;
    this.timing = quick
      ? { warmUpMs: 500, windowMs: 1_000, runs: 1 }
      : { warmUpMs: 2_000, windowMs: 3_000, runs: 3 };
  }

  /** Prints a result and keeps it for the ratios. */
  add(scenario: string, values: Values, unit: string, config: object): void {
    this.values.set(scenario, values);
    const rounded = Object.entries(values).map(([name, value]) => [name, round(value)]);
    console.log(JSON.stringify({ scenario, ...Object.fromEntries(rounded), unit, config }));
  }

  /** Prints the medians of a load's windows, and every other failure that was seen. */
  addWindows(
    scenario: string,
    windows: readonly Window[],
    { config, failures }: { config: object; failures: readonly string[] },
  ): void {
    const unit = "per second; latency in ms; CPU in % of a core, and in µs for each post";
    const values = { ...medians(windows), failures: failures.length };
    this.add(scenario, values, unit, { ...config, ...this.timing });
    if (failures.length > 0) console.error(`${scenario}: ${[...new Set(failures)].slice(0, 3)}`);
  }

  skip(scenario: string, why: string): void {
    console.log(JSON.stringify({ scenario, skipped: why }));
  }

  /** Prints by how much `of` exceeds `to` in the figures they share. */
  ratio(of: string, to: string): void {
    const [a, b] = [this.values.get(of), this.values.get(to)];
    if (!a || !b) return;
    const names = ["postsPerSecond", "deliveriesPerSecond", "p50Ms", "p99Ms", "cpuUsPerPost"];
    const ratios = names.map((name) => [name, round(a[name] / b[name])]);
    const unit = "Parley's figure divided by the yardstick's";
    console.log(JSON.stringify({ ratio: `${of} : ${to}`, ...Object.fromEntries(ratios), unit }));
  }
}
