/** All about a group, and every change of it, by forms. */

import { type Context, page } from "fresh";
import { z } from "zod";
import { GroupInfoPage } from "../../../components/GroupInfoPage.tsx";
import CopyButton from "../../../islands/CopyButton.tsx";
import LivePicture from "../../../islands/LivePicture.tsx";
import { listQuery, opaqueId } from "../../../lib/chat/shapes.ts";
import { readPlace } from "../../../lib/chat_data.ts";
import { define, type State } from "../../../lib/define.ts";
import { readGroupFields, toGroupSettings, withImage } from "../../../lib/group_form.ts";
import { getGroupFor, getGroupPage } from "../../../lib/group_page.ts";
import { type GroupForm, readGroupForm } from "../../../lib/group_upload.ts";
import { parseFields, readQuery, toProblem } from "../../../lib/http.ts";
import type { Groups } from "../../../lib/live/groups.ts";
import { toGroupImage } from "../../../lib/store/group_images.ts";

const query = z.object({
  ...listQuery,
  /** A form was done a moment ago. */
  done: z.literal("").optional(),
});
const form = z.discriminatedUnion("what", [
  z.object({ what: z.literal("configure") }),
  z.object({ what: z.literal("link"), set: z.enum(["new", "none"]) }),
  z.object({ what: z.literal("leave") }),
  z.object({ what: z.literal("remove"), person: opaqueId }),
  z.object({
    what: z.literal("role"),
    person: opaqueId,
    role: z.enum(["owner", "admin", "member"]),
  }),
]);

export const handler = define.handlers({
  async GET(ctx) {
    return page(await dataOf(ctx, readQuery(ctx.url, query)));
  },

  async POST(ctx) {
    const { services, session } = ctx.state;
    const { room } = ctx.params;
    const { id: by } = session!.user;
    await getGroupFor(services.kv, room, by); // before anything is received
    const { fields, image } = await readGroupForm(services, by, ctx.req);
    try {
      const change = parseFields(form, Object.fromEntries(fields));
      await make(services.live.groups, { by, room }, { ...change, fields, image });
      const back = `/chat/${room}/info?${doneQuery(ctx.url.searchParams)}`;
      return ctx.redirect(change.what === "leave" ? "/chat" : back, 303);
    } catch (error) {
      const { status, message } = toProblem(error);
      return page({ ...await dataOf(ctx, {}), error: withImage(message, image) }, { status });
    }
  },
});

/** The part of the members that was shown, and that it is done. */
function doneQuery(query: URLSearchParams): string {
  const kept = ["q", "after"].flatMap((name) => {
    const value = query.get(name);
    return value ? [[name, value]] : [];
  });
  return new URLSearchParams([...kept, ["done", ""]]).toString();
}

type Change = z.output<typeof form> & GroupForm;

async function make(
  groups: Groups,
  { by, room }: { by: string; room: string },
  change: Change,
): Promise<void> {
  switch (change.what) {
    case "configure": {
      const image = change.image ? await toGroupImage(change.image) : undefined;
      const settings = toGroupSettings(readGroupFields(change.fields), image);
      return await groups.manage(by, room, { type: "configure", settings });
    }
    case "link":
      return void await groups.link(by, room, change.set);
    case "leave":
      return await groups.manage(by, room, { type: "leave" });
    case "remove":
      return await groups.manage(by, room, { type: "remove", person: change.person });
    case "role": {
      const { person, role } = change;
      return await groups.manage(by, room, { type: "role", person, role });
    }
  }
}

async function dataOf(ctx: Context<State>, wanted: z.output<typeof query>) {
  const { services: { live, rates }, session, caller: { origin } } = ctx.state;
  rates.of(session!.user.id).take("search"); // reads the names of all for one page
  const whose = { room: ctx.params.room, me: session!.user.id, origin };
  const { zone, locale } = readPlace(ctx.req);
  return {
    ...await getGroupPage(live, whose, wanted),
    done: wanted.done !== undefined,
    now: Date.now(),
    place: { zone, locale },
  };
}

export default define.page<typeof handler>(({ data }) => (
  <GroupInfoPage
    {...data}
    copy={data.link !== null && <CopyButton text={data.link} />}
    live={<LivePicture />}
  />
));
