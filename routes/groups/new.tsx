/** Making a group. The address keeps what was typed and chosen while people are searched for. */

import { page } from "fresh";
import { NewGroupPage } from "../../components/NewGroupPage.tsx";
import { PeoplePicker } from "../../components/PeoplePicker.tsx";
import LivePicker from "../../islands/LivePicker.tsx";
import LivePicture from "../../islands/LivePicture.tsx";
import { define } from "../../lib/define.ts";
import { readGroupFields, readPeople, toGroupSettings, withImage } from "../../lib/group_form.ts";
import { readGroupForm } from "../../lib/group_upload.ts";
import { toProblem } from "../../lib/http.ts";
import { findToPick } from "../../lib/pick_people.ts";
import type { Services } from "../../lib/services.ts";
import { toGroupImage } from "../../lib/store/group_images.ts";
import { newId } from "../../lib/store/ids.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services, session } = ctx.state;
    return page(await formOf(services, session!.user.id, ctx.url.searchParams));
  },

  async POST(ctx) {
    const { services, session } = ctx.state;
    const { fields, image } = await readGroupForm(services, session!.user.id, ctx.req);
    try {
      const chosen = image ? await toGroupImage(image) : undefined;
      const { picture, ...settings } = toGroupSettings(readGroupFields(fields), chosen);
      const id = await services.live.groups.create(session!.user.id, {
        id: readId(fields),
        people: readPeople(fields),
        ...picture && { picture },
        ...settings,
      });
      return ctx.redirect(`/chat/${id}`, 303);
    } catch (error) {
      const { status, message } = toProblem(error);
      const form = await formOf(services, session!.user.id, fields);
      return page({ ...form, error: withImage(message, image) }, { status });
    }
  },
});

async function formOf(services: Services, me: string, fields: URLSearchParams) {
  services.rates.of(me).take("search"); // looks through many people
  return {
    id: readId(fields),
    values: readGroupFields(fields),
    picker: await findToPick(services, me, { fields }),
  };
}

/** The form's own id, which it keeps: sent twice it makes one group. */
function readId(fields: URLSearchParams): string {
  const id = fields.get("id") ?? "";
  return /^[A-Za-z0-9_-]{1,64}$/.test(id) ? id : newId();
}

export default define.page<typeof handler>(({ data: { picker, ...form } }) => (
  <NewGroupPage {...form} live={<LivePicture />}>
    <PeoplePicker action="/groups/new" {...picker} live={<LivePicker />} />
  </NewGroupPage>
));
