/**
 * What a person has set for themselves, on all their devices: one record a person. Whoever adds a
 * setting gives it a default here; a record that is older than it then has that.
 *
 * A change is told in the person's log, so that every instance that has sockets of theirs knows.
 */

import type { QuietHours } from "../chat/quiet_hours.ts";
import { retryConflicts } from "./conflicts.ts";
import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";
import { appendToLog, type LogHead } from "./logs.ts";
import type { UserNote } from "./notes.ts";

/** A person's settings as they are stored. */
export interface Settings {
  /** Whether others see what was delivered to them and read by them; without it they see none either. */
  receipts: boolean;
  /** When no notifications are wanted. */
  quiet: QuietHours | null;
}

/** What holds for those who never changed anything. */
export const DEFAULT_SETTINGS: Settings = { receipts: true, quiet: null };

/** A person's settings. */
export async function getSettings(kv: Deno.Kv, userId: string): Promise<Settings> {
  const { value } = await kv.get<Partial<Settings>>(keys.settings(userId));
  return { ...DEFAULT_SETTINGS, ...value };
}

/** The settings of people, in order. */
export async function getSettingsOf(
  kv: Deno.Kv,
  userIds: readonly string[],
): Promise<Settings[]> {
  const entries = await getAll<Partial<Settings>>(kv, userIds.map(keys.settings));
  return entries.map(({ value }) => ({ ...DEFAULT_SETTINGS, ...value }));
}

/** Changes some of a person's settings and leaves the others. Answers all of them. */
export async function changeSettings(
  kv: Deno.Kv,
  userId: string,
  change: Partial<Settings>,
): Promise<Settings> {
  const key = keys.settings(userId);
  const topic = ["user", userId] as const;
  return await retryConflicts(async () => {
    const [old, head] = await kv.getMany<[Partial<Settings>, LogHead]>([key, keys.head(topic)]);
    const settings = { ...DEFAULT_SETTINGS, ...old.value, ...change };
    const note: UserNote = { type: "settings", settings };
    const atomic = kv.atomic().check(old).set(key, settings);
    appendToLog(atomic, topic, { head, value: note });
    return (await atomic.commit()).ok ? settings : null;
  });
}
