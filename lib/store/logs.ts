/**
 * Logs: a watched head and gapless numbered entries under it. This file reads any log and appends
 * to the low-rate ones; posts, the hot ones, are appended in groups by `events.ts`.
 */

import { keys, type Topic } from "./keys.ts";

/** What every head holds at least. */
export interface LogHead {
  /** Number of the newest entry; 0 before the first. */
  seq: number;
}

/** One entry as it is stored. */
export interface LogEntry {
  seq: number;
  value: unknown;
}

/** Most entries that one read of {@link readLog} answers. */
export const LOG_PAGE = 500;

/** `seq` of the newest entry of a log; 0 for an empty one. */
export async function getHeadSeq(kv: Deno.Kv, topic: Topic): Promise<number> {
  const { value } = await kv.get<LogHead>(keys.head(topic));
  return value?.seq ?? 0;
}

/** The entries in `(after, upTo]`, oldest first, at most {@link LOG_PAGE}. */
export async function readLog(
  kv: Deno.Kv,
  topic: Topic,
  { after, upTo }: { after: number; upTo: number },
): Promise<LogEntry[]> {
  const selector = { start: keys.entry(topic, after + 1), end: keys.entry(topic, upTo + 1) };
  const entries: LogEntry[] = [];
  for await (const { key, value } of kv.list(selector, { limit: LOG_PAGE, batchSize: LOG_PAGE })) {
    entries.push({ seq: Number(key[key.length - 1]), value });
  }
  return entries;
}

/** How long the entries of logs other than rooms' are kept, in milliseconds. */
const KEEP_MS = { user: 7 * 24 * 60 * 60 * 1000, instance: 10 * 60 * 1000, site: 10 * 60 * 1000 };

/**
 * Adds to `atomic` what appends `value` to a log that is no room's. `head` is the log's
 * head as just read; the commit fails if it has moved.
 */
export function appendToLog(
  atomic: Deno.AtomicOperation,
  topic: readonly ["user" | "instance" | "site", string],
  { head, value, extra = {}, keepMs = KEEP_MS[topic[0]] }: {
    keepMs?: number;
    head: Deno.KvEntryMaybe<LogHead>;
    value: unknown;
    extra?: object;
  },
): void {
  const seq = (head.value?.seq ?? 0) + 1;
  atomic.check(head)
    .set(keys.head(topic), { ...extra, seq })
    .set(keys.entry(topic, seq), value, { expireIn: keepMs });
}
