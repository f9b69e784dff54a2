/** Accounts and rooms for tests, made without the cost of a password. */

import type { UserRecord } from "../../lib/store/accounts.ts";
import { getOrCreateByIdentity } from "../../lib/store/accounts.ts";
import { newId } from "../../lib/store/ids.ts";
import { getOrCreateDirect, type RoomRecord } from "../../lib/store/rooms.ts";

/** A new account. */
export function createPerson(kv: Deno.Kv, login: string, name = login): Promise<UserRecord> {
  return getOrCreateByIdentity(kv, { provider: "test", subject: newId(), login, name });
}

/** Two people and their direct room. */
export async function createPair(
  kv: Deno.Kv,
): Promise<{ ada: UserRecord; ben: UserRecord; room: RoomRecord }> {
  const ada = await createPerson(kv, "ada", "Ada");
  const ben = await createPerson(kv, "ben", "Ben");
  return { ada, ben, room: await getOrCreateDirect(kv, ada.id, ben.id) };
}
