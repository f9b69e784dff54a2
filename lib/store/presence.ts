/**
 * Presence in KV: which instances run, and who has a socket at each. An instance holds one lease
 * for all its people, so the writes of presence grow with comings and goings, not with people.
 */

import { commit, retryConflicts } from "./conflicts.ts";
import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";
import { appendToLog, type LogHead } from "./logs.ts";

/** The head of an instance's log. */
export interface LeaseHead extends LogHead {
  /** When the instance counts as dead, unless it is heard of again. */
  expiresAt: number;
}

/** One entry of an instance's log: who came and who went. */
export interface PresenceChange {
  came: string[];
  went: string[];
}

/**
 * Announces an instance. One that is announced again says where its log had come to: others who
 * did not notice its absence must not wait for entries that they believe they have.
 */
export async function addInstance(
  kv: Deno.Kv,
  id: string,
  expiresAt: number,
  seq = 0,
): Promise<void> {
  const head: LeaseHead = { seq, expiresAt };
  const atomic = kv.atomic()
    .set(keys.instance(id), { startedAt: Date.now() })
    .set(keys.head(["instance", id]), head)
    .sum(keys.fleet(), 1n);
  await commit(atomic);
}

/** Ids of the instances that were announced and not removed. */
export async function listInstances(kv: Deno.Kv): Promise<string[]> {
  const ids: string[] = [];
  for await (const { key } of kv.list({ prefix: keys.instances() })) ids.push(String(key[1]));
  return ids;
}

/** People with a socket at an instance. */
export async function listOnline(kv: Deno.Kv, instanceId: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { key } of kv.list({ prefix: keys.onlines(instanceId) }, { batchSize: 500 })) {
    ids.push(String(key[2]));
  }
  return ids;
}

/** The lease of an instance; `null` when it was removed. */
export async function getLease(kv: Deno.Kv, instanceId: string): Promise<LeaseHead | null> {
  return (await kv.get<LeaseHead>(keys.head(["instance", instanceId]))).value;
}

/** Most people in one change: a commit holds 1,000 mutations. */
export const MAX_CHANGES = 400;

/** Writes a change and extends the lease. Only the instance itself calls this. */
export async function writeChange(
  kv: Deno.Kv,
  instanceId: string,
  { change, expiresAt, at }: { change: PresenceChange; expiresAt: number; at: number },
): Promise<LeaseHead> {
  const topic = ["instance", instanceId] as const;
  return await retryConflicts(async () => {
    const head = await kv.get<LeaseHead>(keys.head(topic));
    const atomic = kv.atomic();
    for (const id of change.came) atomic.set(keys.online(instanceId, id), 1);
    for (const id of change.went) {
      atomic.delete(keys.online(instanceId, id)).set(keys.seen(id), at);
    }
    appendToLog(atomic, topic, { head, value: change, extra: { expiresAt } });
    const { ok } = await atomic.commit();
    return ok ? { seq: (head.value?.seq ?? 0) + 1, expiresAt } : null;
  });
}

/** Extends the lease without a change; announces the instance again if it was swept meanwhile. */
export async function renewLease(kv: Deno.Kv, id: string, expiresAt: number): Promise<boolean> {
  return await retryConflicts(async () => {
    const [known, head] = await kv.getMany<[unknown, LeaseHead]>([
      keys.instance(id),
      keys.head(["instance", id]),
    ]);
    if (known.value === null) return false;
    const renewed: LeaseHead = { seq: head.value?.seq ?? 0, expiresAt };
    const atomic = kv.atomic().check(known, head).set(keys.head(["instance", id]), renewed);
    return (await atomic.commit()).ok || null;
  });
}

/**
 * Removes an instance with its people; `onlyExpired`: not while its lease holds. Answers who was
 * online there, or `null` when it lives or another instance was first.
 */
export async function removeInstance(
  kv: Deno.Kv,
  id: string,
  at: number,
  { onlyExpired = false } = {},
): Promise<string[] | null> {
  const [known, head] = await kv.getMany<[unknown, LeaseHead]>([
    keys.instance(id),
    keys.head(["instance", id]),
  ]);
  if (known.value === null) return null;
  if (onlyExpired && (head.value?.expiresAt ?? 0) > Date.now()) return null;
  const removal = kv.atomic().check(known, head)
    .delete(keys.instance(id))
    .delete(keys.head(["instance", id]))
    .sum(keys.fleet(), 1n);
  if (!(await commit(removal)).ok) return null;
  const people = await listOnline(kv, id);
  for (let i = 0; i < people.length; i += MAX_CHANGES) {
    const atomic = kv.atomic();
    for (const person of people.slice(i, i + MAX_CHANGES)) {
      atomic.delete(keys.online(id, person)).set(keys.seen(person), at);
    }
    await commit(atomic);
  }
  return people;
}

/** When people last went offline, in order; `null` for those who never did. */
export async function getSeen(
  kv: Deno.Kv,
  ids: readonly string[],
): Promise<(number | null)[]> {
  const entries = await getAll<number>(kv, ids.map(keys.seen));
  return entries.map(({ value }) => value);
}
