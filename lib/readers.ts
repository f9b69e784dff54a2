/** Whom a group's message has reached, by name, for the page of the message. */

import type { RoomAccess } from "./chat/permissions.ts";
import type { Person } from "./chat/people.ts";
import { getUsers, toPerson } from "./store/accounts.ts";
import { getReceipts } from "./store/receipts.ts";

/** People that a page names under each heading: a group may have a thousand. */
const MAX_NAMED = 100;

/** Who has read a message, and to whom it was delivered and not yet read. */
export interface Readers {
  read: Person[];
  delivered: Person[];
}

/** As far as both they and the viewer show it. */
export async function listReaders(
  kv: Deno.Kv,
  viewer: string,
  room: RoomAccess & { id: string },
  { by, seq }: { by: string; seq: number },
): Promise<Readers> {
  const receipts = (await getReceipts(kv, viewer, room))
    .filter((receipt) => receipt.by !== by && (receipt.from ?? 1) <= seq);
  const read = receipts.filter((receipt) => receipt.read >= seq);
  const delivered = receipts.filter((receipt) => receipt.read < seq && receipt.delivered >= seq);
  const named = (list: typeof receipts) => getUsers(kv, list.slice(0, MAX_NAMED).map((r) => r.by));
  return {
    read: (await named(read)).map(toPerson),
    delivered: (await named(delivered)).map(toPerson),
  };
}
