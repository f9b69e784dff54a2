/** The settings page: plain forms, one a section, each saved by itself. */

import { page } from "fresh";
import { z } from "zod";
import { SettingsPage } from "../components/SettingsPage.tsx";
import { define } from "../lib/define.ts";
import { readForm, readQuery } from "../lib/http.ts";
import { changeSettings, getSettings } from "../lib/store/settings.ts";

/** A box that is not ticked is not sent. */
const ticked = z.literal("on").optional().transform((on) => on === "on");
const form = z.discriminatedUnion("section", [
  z.strictObject({ section: z.literal("receipts"), receipts: ticked }),
]);
const query = z.object({ saved: z.literal("").optional() });

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv }, session } = ctx.state;
    const { saved } = readQuery(ctx.url, query);
    const settings = await getSettings(kv, session!.user.id);
    return page({ settings, saved: saved !== undefined });
  },

  async POST(ctx) {
    const { services: { kv }, session } = ctx.state;
    const { section: _, ...change } = await readForm(ctx.req, form);
    await changeSettings(kv, session!.user.id, change);
    return ctx.redirect("/settings?saved", 303);
  },
});

export default define.page<typeof handler>(({ data }) => <SettingsPage {...data} />);
