/** Adding people to a group, for those who may. */

import { page } from "fresh";
import { AddPeoplePage } from "../../../components/AddPeoplePage.tsx";
import { PeoplePicker } from "../../../components/PeoplePicker.tsx";
import LivePicker from "../../../islands/LivePicker.tsx";
import { InvalidError } from "../../../lib/chat/errors.ts";
import { define } from "../../../lib/define.ts";
import { getGroupFor } from "../../../lib/group_page.ts";
import { readPeople } from "../../../lib/group_form.ts";
import { readFields, toProblem } from "../../../lib/http.ts";
import { findToPick } from "../../../lib/pick_people.ts";
import type { Services } from "../../../lib/services.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services, session } = ctx.state;
    const { room } = ctx.params;
    return page(await formOf(services, { room, me: session!.user.id }, ctx.url.searchParams));
  },

  async POST(ctx) {
    const { services, session } = ctx.state;
    const { room } = ctx.params;
    const me = session!.user.id;
    const fields = await readFields(ctx.req);
    try {
      const people = readPeople(fields);
      if (people.length === 0) throw new InvalidError("Choose somebody to add.");
      await services.live.groups.manage(me, room, { type: "add", people });
      return ctx.redirect(`/chat/${room}/info?done=`, 303);
    } catch (error) {
      const { status, message } = toProblem(error);
      const form = await formOf(services, { room, me }, fields);
      return page({ ...form, error: message }, { status });
    }
  },
});

/** Who is a member already is not offered. */
async function formOf(
  { live, rates }: Services,
  { room, me }: { room: string; me: string },
  fields: URLSearchParams,
) {
  rates.of(me).take("search");
  const { name, members } = await getGroupFor(live.kv, room, me);
  const picker = await findToPick(live, me, { fields, taken: members });
  return { room, name, picker };
}

export default define.page<typeof handler>(({ data: { picker, ...form } }) => (
  <AddPeoplePage {...form}>
    <PeoplePicker action={`/chat/${form.room}/add`} {...picker} live={<LivePicker />} />
  </AddPeoplePage>
));
