/**
 * Searching 100,000 messages over HTTP, one request after the other: in all rooms of a person and
 * in the largest one. The first of each kind is reported apart, when nothing is in memory yet.
 */

import { Appender } from "../../../lib/live/appender.ts";
import { catchUp } from "../../../lib/store/search_index.ts";
import { medians, percentile } from "../latencies.ts";
import { cpuSince, usageOf } from "../processes.ts";
import type { Report, Values } from "../report.ts";
import { type Account, seedPeople, seedRoom } from "../seed.ts";
import { seeded, startParley, type Target } from "../targets.ts";

const SIZE = { messages: 100_000, rooms: 20 };
/** Words by rank; the n-th comes about 1/n as often as the first. */
const WORDS = Array.from({ length: 4_000 }, (_, n) => word(n + 1));
const NEEDLE = "Überraschung";

/** What people look for: common, rare, absent, parts, phrases, other scripts, operators. */
const QUERIES = {
  "a common word": WORDS[20],
  "a rare word": "uberrasch",
  "a word that is nowhere": "qqqzzzq",
  "a part of words": WORDS[700].slice(1),
  "two words": `${WORDS[40]} ${WORDS[900]}`,
  "a phrase": `"${WORDS[5]} ${WORDS[6]}"`,
  "one ideograph": "猫",
  "an author and a word": `from:me ${WORDS[300]}`,
  "links": "has:link",
};

/** The median over all kinds, and the slowest kind. */
export async function search(report: Report): Promise<void> {
  const { kvPath, seed: { viewer, largest }, remove } = await seeded(fill);
  try {
    await using target = await startParley(kvPath);
    for (const room of [undefined, largest]) {
      const scenario = room ? "search, one room" : "search, all rooms";
      const first = await ask(target, viewer, { q: QUERIES["a word that is nowhere"], room });
      const runs: Values[] = [];
      for (let n = 0; n < report.timing.runs; n++) {
        runs.push({ firstMs: first, ...await measure(target, report, { viewer, room }) });
      }
      report.add(scenario, medians(runs), "ms; CPU in ms for each request", SIZE);
    }
  } finally {
    await remove();
  }
}

async function measure(
  target: Target,
  { timing: { windowMs } }: Report,
  { viewer, room }: { viewer: Account; room?: string },
): Promise<Values> {
  const before = usageOf(target.pids);
  const since = performance.now();
  const byKind = new Map<string, number[]>();
  while (performance.now() - since < windowMs) {
    for (const [kind, q] of Object.entries(QUERIES)) {
      const ms = await ask(target, viewer, { q, room });
      byKind.set(kind, [...byKind.get(kind) ?? [], ms]);
    }
  }
  const all = [...byKind.values()].flat();
  const cpu = cpuSince(target.pids, before, (performance.now() - since) / 1000);
  const seconds = (performance.now() - since) / 1000;
  return {
    p50Ms: percentile(all, 0.5),
    p99Ms: percentile(all, 0.99),
    slowestKindP50Ms: Math.max(...[...byKind.values()].map((times) => percentile(times, 0.5))),
    cpuMs: cpu / 100 * 1000 * seconds / all.length,
  };
}

async function ask(
  { origins: [origin] }: Target,
  { cookie }: Account,
  { q, room }: { q: string; room?: string },
): Promise<number> {
  const parameters = new URLSearchParams({ q, ...room && { room } });
  const since = performance.now();
  const response = await fetch(`${origin}/api/search?${parameters}`, { headers: { cookie } });
  const { hits } = await response.json();
  if (response.status !== 200) throw new Error(`${q} answered ${response.status}`);
  if (q === "uberrasch" && !room && hits.length === 0) throw new Error("The needle was not found");
  return performance.now() - since;
}

/** One room has half of the messages, the others share the rest; all are indexed. */
async function fill(kv: Deno.Kv): Promise<{ viewer: Account; largest: string }> {
  const [viewer, ...people] = await seedPeople(kv, SIZE.rooms + 1);
  const rooms = await Promise.all(people.map((person) => seedRoom(kv, [viewer, person])));
  const appender = new Appender(kv, { onCommit: () => {} });
  for (let n = 0; n < SIZE.messages; n += 5_000) {
    const part = Array.from({ length: 5_000 }, (_, i) => n + i).map((n) => {
      const room = rooms[n % 2 === 0 ? 0 : 1 + n % (SIZE.rooms - 1)];
      const by = room.members[n % 3 === 0 ? 0 : 1].id;
      return appender.append({
        type: "posted",
        room: room.id,
        by,
        id: `seed-${n}`,
        text: textOf(n),
      });
    });
    await Promise.all(part);
  }
  for (const { id } of rooms) await catchUp(kv, id);
  return { viewer, largest: rooms[0].id };
}

/** The n-th message: 4 to 23 words, here and there a link, an emoji, another script. */
function textOf(n: number): string {
  const words = Array.from({ length: 4 + hash(n) % 20 }, (_, i) => WORDS[rank(hash(n * 31 + i))]);
  if (n === 4_321) words.push(NEEDLE);
  if (n % 50 === 0) words.push(`https://example.org/${n}`);
  if (n % 11 === 0) words.push("😀");
  if (n % 500 === 0) words.push("猫がいる");
  return words.join(" ");
}

/** Ranks as words of a language have them. */
function rank(random: number): number {
  return Math.floor(WORDS.length ** ((random % 100_000) / 100_000)) - 1;
}

function word(n: number): string {
  const syllables = ["ka", "ro", "mi", "ten", "su", "la", "ber", "do", "vi", "nas"];
  let made = "";
  for (let rest = n; rest > 0; rest = Math.floor(rest / 10)) made += syllables[rest % 10];
  return made;
}

/** The same number for the same `n`, spread like a random one. */
function hash(n: number): number {
  let x = Math.imul(n + 0x9e3779b9, 0x85ebca6b);
  x = Math.imul(x ^ x >>> 13, 0xc2b2ae35);
  return (x ^ x >>> 16) >>> 0;
}
