/** Search as a page, by form and links alone; over the chat the same view searches as one types. */

import { page } from "fresh";
import { z } from "zod";
import { lookOf } from "../components/hit_look.tsx";
import { roomName } from "../components/names.ts";
import { SearchFrame } from "../components/SearchFrame.tsx";
import { type SearchStart, SearchView } from "../components/SearchView.tsx";
import { InvalidError, RateLimitedError } from "../lib/chat/errors.ts";
import { MAX_SEARCH_CHARS } from "../lib/chat/limits.ts";
import { readPlace } from "../lib/chat_data.ts";
import { cursor } from "../lib/chat/shapes.ts";
import { define } from "../lib/define.ts";
import { readQuery, toProblem } from "../lib/http.ts";
import { searchMessages } from "../lib/search.ts";
import { toPerson } from "../lib/store/accounts.ts";
import { getRoomFor } from "../lib/store/rooms.ts";
import { getSummary } from "../lib/store/summaries.ts";

const query = z.object({
  q: z.string().max(MAX_SEARCH_CHARS, "is too long").default(""),
  room: z.string().max(64).transform((room) => room || undefined).optional(),
  before: cursor.optional(),
});

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { live, rates }, session } = ctx.state;
    const me = toPerson(session!.user);
    const place = readPlace(ctx.req);
    const { q, room, before } = readQuery(ctx.url, query);
    const name = room === undefined
      ? null
      : roomName(await getSummary(live.kv, me.id, await getRoomFor(live.kv, room, me.id)), me);
    const start: SearchStart = {
      q,
      room: room === undefined ? null : { id: room, name: name! },
      inRoom: room !== undefined,
      page: null,
      error: null,
    };
    const data = { start, me, now: Date.now(), place };
    if (q.trim() === "") return page(data);
    try {
      rates.of(me.id).take("search");
      start.page = await searchMessages(live, me.id, { zone: place.zone, q, room, before });
      return page(data);
    } catch (error) {
      if (!(error instanceof RateLimitedError) && !(error instanceof InvalidError)) throw error;
      const { status, message } = toProblem(error);
      start.error = message;
      return page(data, { status });
    }
  },
});

export default define.page<typeof handler>(({ data }) => (
  <SearchFrame back={data.start.room ? `/chat/${data.start.room.id}` : "/chat"}>
    <SearchView {...data} look={lookOf(data.me)} />
  </SearchFrame>
));
