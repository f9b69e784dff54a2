/** All about a group, and every change of it, by forms. */

import { type Context, page } from "fresh";
import { z } from "zod";
import { GroupInfoPage } from "../../../components/GroupInfoPage.tsx";
import CopyButton from "../../../islands/CopyButton.tsx";
import { listQuery, opaqueId } from "../../../lib/chat/shapes.ts";
import { readPlace } from "../../../lib/chat_data.ts";
import { define, type State } from "../../../lib/define.ts";
import { readGroupFields, toGroupSettings } from "../../../lib/group_form.ts";
import { getGroupPage } from "../../../lib/group_page.ts";
import { parseFields, readFields, readQuery, toProblem } from "../../../lib/http.ts";
import type { Groups } from "../../../lib/live/groups.ts";

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
    const { services: { live }, session } = ctx.state;
    const { room } = ctx.params;
    const fields = await readFields(ctx.req);
    try {
      const change = parseFields(form, Object.fromEntries(fields));
      await make(live.groups, { by: session!.user.id, room }, { ...change, fields });
      const back = `/chat/${room}/info?${doneQuery(ctx.url.searchParams)}`;
      return ctx.redirect(change.what === "leave" ? "/chat" : back, 303);
    } catch (error) {
      const { status, message } = toProblem(error);
      return page({ ...await dataOf(ctx, {}), error: message }, { status });
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

type Change = z.output<typeof form> & { fields: URLSearchParams };

async function make(
  groups: Groups,
  { by, room }: { by: string; room: string },
  change: Change,
): Promise<void> {
  switch (change.what) {
    case "configure": {
      const settings = toGroupSettings(readGroupFields(change.fields));
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
  <GroupInfoPage {...data} copy={data.link !== null && <CopyButton text={data.link} />} />
));
