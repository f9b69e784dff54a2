/**
 * Devices that a person's notifications go to: one record a person, for they are few and are wanted
 * together. An endpoint is one browser's and belongs to one person at a time, the last who turned
 * notifications on in it; so nobody's messages go to a browser that another has signed in with.
 */

import { NotFoundError } from "../chat/errors.ts";
import { MAX_PUSH_DEVICES } from "../chat/limits.ts";
import { retryConflicts } from "./conflicts.ts";
import { getAll } from "./get_all.ts";
import { hashToken } from "./ids.ts";
import { keys } from "./keys.ts";

/** How often the last use of a device is written down, in milliseconds. */
const USED_EVERY_MS = 60 * 60 * 1000;

/** How long a browser that was removed does not come back by itself, in milliseconds. */
const REMOVED_MS = 90 * 24 * 60 * 60 * 1000;

/** A browser's subscription, and the session that it was made with. */
export interface Subscription {
  endpoint: string;
  p256dh: string;
  auth: string;
  /** What people call the device. */
  name: string;
  /** Hash of the session; when that ends, so do the notifications. */
  session: string;
}

/** As it is stored. */
export interface PushDevice extends Subscription {
  /** SHA-256 of the endpoint. */
  id: string;
  createdAt: number;
  /** When Parley was last opened there, to the hour. */
  usedAt: number;
}

/** A person's devices, the last used first. */
export async function listPushDevices(kv: Deno.Kv, userId: string): Promise<PushDevice[]> {
  const { value } = await kv.get<PushDevice[]>(keys.pushDevices(userId));
  return (value ?? []).toSorted((a, b) => b.usedAt - a.usedAt);
}

/** Ids of all people who have a device. */
export async function listPushPeople(kv: Deno.Kv): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const { key } of kv.list({ prefix: keys.pushPeople() }, { batchSize: 500 })) {
    ids.add(String(key[1]));
  }
  return ids;
}

/**
 * Adds a device or brings a known one up to date, and drops the one that it stands for now, if any.
 * Above the limit the one that was not used for longest goes. Answers the id. `renew`: nobody
 * pressed a button; throws {@link NotFoundError} for a device that its person removed, and for one
 * in the place of somebody else's: the browser does not know who is signed in there now.
 */
export async function putPushDevice(
  kv: Deno.Kv,
  userId: string,
  given: Subscription & { replaces?: string; renew?: boolean },
): Promise<string> {
  const { replaces, renew = false, ...subscription } = given;
  const id = await hashToken(subscription.endpoint);
  const replaced = replaces === undefined ? null : await hashToken(replaces);
  return await retryConflicts(async () => {
    const wasRemoved = await isRemoved(kv, [id, ...replaced ? [replaced] : []]);
    const before = replaced && (await kv.get<string>(keys.pushEndpoint(replaced))).value;
    const isOthers = before !== null && before !== userId;
    if (renew && (wasRemoved || isOthers)) throw new NotFoundError("This device was removed.");
    const [mine, owner] = await kv.getMany<[PushDevice[], string]>([
      keys.pushDevices(userId),
      keys.pushEndpoint(id),
    ]);
    const devices = mine.value ?? [];
    const now = Date.now();
    const known = devices.find((device) => device.id === id);
    if (known && !wasRemoved && owner.value === userId && isCurrent(known, subscription, now)) {
      return id;
    }
    const device = { ...subscription, id, createdAt: known?.createdAt ?? now, usedAt: now };
    const others = devices.filter((other) => other.id !== id && other.id !== replaced);
    const kept = [device, ...others.toSorted((a, b) => b.usedAt - a.usedAt)]
      .slice(0, MAX_PUSH_DEVICES);
    const atomic = kv.atomic().check(mine, owner).set(keys.pushEndpoint(id), userId);
    if (wasRemoved) atomic.delete(keys.pushRemoved(id));
    write(atomic, userId, { before: devices, after: kept });
    if (owner.value !== null && owner.value !== userId) {
      await takeFrom(kv, atomic, owner.value, id);
    }
    return (await atomic.commit()).ok ? id : null;
  });
}

/**
 * Removes a device; `false` if the person has no such. `forGood`: the person wants it so, and the
 * browser does not come back by itself when it is used again.
 */
export async function removePushDevice(
  kv: Deno.Kv,
  userId: string,
  id: string,
  { forGood = false } = {},
): Promise<boolean> {
  return await retryConflicts(async () => {
    const mine = await kv.get<PushDevice[]>(keys.pushDevices(userId));
    const before = mine.value ?? [];
    const after = before.filter((device) => device.id !== id);
    if (after.length === before.length) return false;
    const atomic = kv.atomic().check(mine);
    write(atomic, userId, { before, after });
    if (forGood) atomic.set(keys.pushRemoved(id), 1, { expireIn: REMOVED_MS });
    return (await atomic.commit()).ok || null;
  });
}

async function isRemoved(kv: Deno.Kv, ids: readonly string[]): Promise<boolean> {
  const entries = await getAll<number>(kv, ids.map(keys.pushRemoved));
  return entries.some(({ value }) => value !== null);
}

function isCurrent(known: PushDevice, given: Subscription, now: number): boolean {
  const fields = ["p256dh", "auth", "name", "session"] as const;
  return fields.every((field) => known[field] === given[field]) &&
    now - known.usedAt < USED_EVERY_MS;
}

/** Writes a person's list, the mark that they have one, and who has the endpoints that left it. */
function write(
  atomic: Deno.AtomicOperation,
  userId: string,
  { before, after }: { before: PushDevice[]; after: PushDevice[] },
): void {
  const kept = new Set(after.map(({ id }) => id));
  for (const { id } of before) if (!kept.has(id)) atomic.delete(keys.pushEndpoint(id));
  if (after.length === 0) {
    atomic.delete(keys.pushDevices(userId)).delete(keys.pushPerson(userId));
  } else atomic.set(keys.pushDevices(userId), after).set(keys.pushPerson(userId), 1);
}

/** Somebody else uses this browser now: their list loses it in the same commit. */
async function takeFrom(
  kv: Deno.Kv,
  atomic: Deno.AtomicOperation,
  userId: string,
  id: string,
): Promise<void> {
  const theirs = await kv.get<PushDevice[]>(keys.pushDevices(userId));
  const after = (theirs.value ?? []).filter((device) => device.id !== id);
  atomic.check(theirs);
  if (after.length === 0) {
    atomic.delete(keys.pushDevices(userId)).delete(keys.pushPerson(userId));
  } else atomic.set(keys.pushDevices(userId), after);
}
