/**
 * What can go wrong, as numbers that a seed draws. Each seed switches on some kinds of fault and
 * leaves the others out ("swarm testing", Groce et al. 2012): what is always on hides much.
 */

import type { Random } from "./random.ts";

/** An error that the simulation made. */
export class SimFault extends Error {
  override name = "SimFault";
}

/** How KV treats one instance. Probabilities are for one operation each. */
export interface KvWeather {
  latencyMs: readonly [number, number];
  /** A read throws. */
  readFails: number;
  /** A commit throws and was not made. */
  commitFails: number;
  /** A commit throws and was made all the same. */
  commitUnknown: number;
  /** A commit throws and is made some time later, if its checks still hold. */
  commitLate: number;
  /** A commit is refused though its checks hold. */
  conflict: number;
  /** A commit throws `database is locked`. */
  locked: number;
  /** A watch stream ends, with an error or without, where it had something to say. */
  watchDies: number;
  /** How late a watch stream reports; changes meanwhile are skipped. */
  watchLagMs: readonly [number, number];
  /** Nothing reaches KV before this time. */
  downUntil: number;
  /** While down: operations wait instead of failing. */
  hangs: boolean;
}

/** How the network treats messages. */
export interface NetWeather {
  latencyMs: readonly [number, number];
  /** One message is late by a second or more. */
  late: number;
  /** A request over HTTP gets no answer, and its body breaks off. */
  lost: number;
}

const KV_LATENCIES = [[0.1, 1], [1, 10], [5, 60]] as const;
const NET_LATENCIES = [[0.2, 2], [5, 50], [50, 600]] as const;

export function calmKv(): KvWeather {
  return {
    latencyMs: [0.1, 2],
    readFails: 0,
    commitFails: 0,
    commitUnknown: 0,
    commitLate: 0,
    conflict: 0,
    locked: 0,
    watchDies: 0,
    watchLagMs: [0.1, 3],
    downUntil: 0,
    hangs: false,
  };
}

export function roughKv(random: Random): KvWeather {
  const some = (most: number) => random.chance(0.4) ? random.next() * most : 0;
  return {
    latencyMs: random.pick(KV_LATENCIES),
    readFails: some(0.05),
    commitFails: some(0.15),
    commitUnknown: some(0.15),
    commitLate: some(0.1),
    conflict: some(0.2),
    locked: some(0.2),
    watchDies: some(0.2),
    watchLagMs: random.pick([[0.1, 5], [5, 100], [50, 3_000]] as const),
    downUntil: 0,
    hangs: false,
  };
}

export function calmNet(): NetWeather {
  return { latencyMs: [0.5, 10], late: 0, lost: 0 };
}

export function roughNet(random: Random): NetWeather {
  return {
    latencyMs: random.pick(NET_LATENCIES),
    late: random.chance(0.4) ? random.next() * 0.1 : 0,
    lost: random.chance(0.4) ? random.next() * 0.4 : 0,
  };
}
