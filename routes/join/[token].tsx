/** Where a link to join leads. It changes nothing until its button is pressed. */

import { page } from "fresh";
import { JoinPage } from "../../components/JoinPage.tsx";
import { NotFoundError } from "../../lib/chat/errors.ts";
import { opaqueId } from "../../lib/chat/shapes.ts";
import type { RoomCard } from "../../lib/chat/rooms.ts";
import { define } from "../../lib/define.ts";
import { toProblem } from "../../lib/http.ts";
import type { Groups } from "../../lib/live/groups.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { live }, session } = ctx.state;
    const group = await find(live.groups, session!.user.id, ctx.params.token);
    if (group?.member) return ctx.redirect(`/chat/${group.id}`, 303);
    return page({ group, link: ctx.params.token }, { status: group ? 200 : 404 });
  },

  async POST(ctx) {
    const { services: { live }, session } = ctx.state;
    const me = session!.user.id;
    const { token } = ctx.params;
    try {
      const id = await live.groups.join(me, { link: token });
      return ctx.redirect(`/chat/${id}`, 303);
    } catch (error) {
      const { status, message } = toProblem(error);
      const group = await find(live.groups, me, token);
      return page({ group, link: token, error: message }, { status });
    }
  },
});

/** The group that a token leads to, or null. */
async function find(groups: Groups, viewer: string, token: string): Promise<RoomCard | null> {
  if (!opaqueId.safeParse(token).success) return null;
  try {
    return await groups.preview(viewer, token);
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

export default define.page<typeof handler>(({ data }) => <JoinPage {...data} />);
