/** The public groups, and joining one. */

import { type Context, page } from "fresh";
import { z } from "zod";
import { RoomsPage } from "../components/RoomsPage.tsx";
import { listQuery, opaqueId } from "../lib/chat/shapes.ts";
import { define, type State } from "../lib/define.ts";
import { readForm, readQuery, toProblem } from "../lib/http.ts";
import { listPublicRooms } from "../lib/store/public_rooms.ts";

const query = z.object(listQuery);
const form = z.object({ room: opaqueId });

export const handler = define.handlers({
  async GET(ctx) {
    return page(await dataOf(ctx, readQuery(ctx.url, query)));
  },

  async POST(ctx) {
    const { services: { live }, session } = ctx.state;
    const { room } = await readForm(ctx.req, form);
    try {
      await live.groups.join(session!.user.id, { room });
      return ctx.redirect(`/chat/${room}`, 303);
    } catch (error) {
      const { status, message } = toProblem(error);
      return page({ ...await dataOf(ctx, {}), error: message }, { status });
    }
  },
});

async function dataOf({ state }: Context<State>, { q = "", after }: z.output<typeof query>) {
  const { services: { kv, rates }, session } = state;
  rates.of(session!.user.id).take("search");
  return { page: await listPublicRooms(kv, session!.user.id, { q, after }), q };
}

export default define.page<typeof handler>(({ data }) => <RoomsPage {...data} />);
