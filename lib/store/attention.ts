/**
 * Who looks at Parley, by instance: written when a person's first focused socket at an instance
 * comes or the last one goes. It counts as long as the instance's lease does, so nobody refreshes it.
 */

import { commit } from "./conflicts.ts";
import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";
import type { LeaseHead } from "./presence.ts";

/** Most changes in one commit. */
export const MAX_ATTENTION_CHANGES = 500;
/** After a crash nobody takes the keys away. */
const KEEP_MS = 24 * 60 * 60 * 1000;

/** Writes who looks and who does not any more, at an instance. */
export async function writeAttention(
  kv: Deno.Kv,
  instanceId: string,
  changes: readonly (readonly [userId: string, focused: boolean])[],
): Promise<void> {
  const atomic = kv.atomic();
  for (const [userId, focused] of changes) {
    const key = keys.attention(userId, instanceId);
    if (focused) atomic.set(key, 1, { expireIn: KEEP_MS });
    else atomic.delete(key);
  }
  await commit(atomic);
}

/** Whether a person looks at Parley at any instance whose lease holds. */
export async function isAttentive(kv: Deno.Kv, userId: string): Promise<boolean> {
  const instances: string[] = [];
  for await (const { key } of kv.list({ prefix: keys.attentionOf(userId) })) {
    instances.push(String(key[2]));
  }
  const heads = instances.map((id) => keys.head(["instance", id]));
  const leases = await getAll<LeaseHead>(kv, heads);
  return leases.some(({ value }) => value !== null && value.expiresAt > Date.now());
}
