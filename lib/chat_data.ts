/** What the two chat pages show: one gathering of data for the list alone and for an open room. */

import { readCookie } from "./auth.ts";
import { DEFAULT_UPLOAD_BYTES, MAX_LIVE_RECEIPTS } from "./chat/limits.ts";
import type { ChatData } from "./chat/pages.ts";
import type { Live } from "./live/live.ts";
import { listPeopleLines } from "./live/people_lines.ts";
import { toPerson, type UserRecord } from "./store/accounts.ts";
import { getReceipts } from "./store/receipts.ts";
import { getRoomFor } from "./store/rooms.ts";
import { getSummary, listSummaries } from "./store/summaries.ts";
import { viewEvents } from "./store/viewing.ts";

/** Rooms that a page renders; the socket's `welcome` brings the others. */
const PAGE_ROOMS = 50;

/** What of it all a request asks for. */
export interface ChatQuery {
  q?: string;
  after?: string;
  room?: string;
  before?: number;
  /** The message to show first, with those around it. */
  at?: number;
  /** Largest file that the operator allows. */
  maxFileBytes?: number;
}

/** Gathers the page's data. Throws `NotFoundError` for a room that is not the person's. */
export async function getChatData(
  live: Live,
  user: UserRecord,
  request: Request,
  { q = "", after, room, before, at, maxFileBytes = DEFAULT_UPLOAD_BYTES }: ChatQuery,
): Promise<ChatData> {
  const { kv, joined } = live;
  const [{ rooms, more }, people, open] = await Promise.all([
    listSummaries(kv, user.id, { limit: PAGE_ROOMS }),
    listPeopleLines(live, user.id, { q, after }),
    room === undefined ? null : openRoom(kv, user.id, room, { before, at }),
  ]);
  const members = [...rooms, ...open ? [open.room] : []].flatMap((room) => room.members);
  const partners = new Set(members.map(({ id }) => id));
  partners.delete(user.id);
  return {
    me: toPerson(user),
    now: Date.now(),
    ...readPlace(request),
    rooms,
    moreRooms: more,
    presence: await live.presence.get([...partners]),
    people,
    joined,
    q,
    ...maxFileBytes !== DEFAULT_UPLOAD_BYTES && { maxFileBytes },
    open,
  };
}

async function openRoom(
  kv: Deno.Kv,
  userId: string,
  id: string,
  { before, at }: { before?: number; at?: number },
) {
  const record = await getRoomFor(kv, id, userId);
  const [page, room, receipts] = await Promise.all([
    viewEvents(kv, record, userId, at === undefined ? { before } : { around: at }),
    getSummary(kv, userId, record),
    record.members.length <= MAX_LIVE_RECEIPTS ? getReceipts(kv, userId, record) : [],
  ]);
  return { room, page, receipts, ...at !== undefined && { at } };
}

/** The viewer's zone from the cookie their browser set, their locale from its languages. */
export function readPlace(request: Request): { zone: string; locale: string } {
  const zone = decodeURIComponentOr(readCookie(request, "tz") ?? "", "UTC");
  const [locale] = (request.headers.get("accept-language") ?? "").split(/[,;]/);
  try {
    const options = new Intl.DateTimeFormat(locale.trim() || "en", { timeZone: zone || "UTC" })
      .resolvedOptions();
    return { zone: options.timeZone, locale: options.locale };
  } catch {
    return { zone: "UTC", locale: "en" };
  }
}

function decodeURIComponentOr(text: string, fallback: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return fallback;
  }
}
