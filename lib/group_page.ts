/** What the page about a group shows its members, each what they may see. */

import type { GroupInfoPageProps } from "../components/GroupInfoPage.tsx";
import { NotFoundError } from "./chat/errors.ts";
import { canManage } from "./chat/permissions.ts";
import type { Live } from "./live/live.ts";
import { listMemberLines } from "./live/people_lines.ts";
import { getRoomFor, type GroupRecord } from "./store/rooms.ts";
import { getSummary } from "./store/summaries.ts";

/** A group for one of its members. Throws {@link NotFoundError} for anybody and anything else. */
export async function getGroupFor(
  kv: Deno.Kv,
  room: string,
  userId: string,
): Promise<GroupRecord> {
  const record = await getRoomFor(kv, room, userId);
  if (record.kind !== "group") throw new NotFoundError("There is no such group.");
  return record;
}

/** The page's data; `origin` is where links to join begin. */
export async function getGroupPage(
  live: Live,
  { room, me, origin }: { room: string; me: string; origin: string },
  { q = "", after }: { q?: string; after?: string },
): Promise<Omit<GroupInfoPageProps, "now" | "place" | "done">> {
  const record = await getGroupFor(live.kv, room, me);
  const [{ group }, members] = await Promise.all([
    getSummary(live.kv, me, record),
    listMemberLines(live, record, { q, after }),
  ]);
  if (!group) throw new NotFoundError("There is no such group.");
  const link = canManage(record, me) ? record.link : undefined;
  return { room, me, group, members, q, link: link ? `${origin}/join/${link}` : null };
}
