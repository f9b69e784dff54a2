/** The settings page: plain forms, one a section, each saved by itself. */

import { page } from "fresh";
import { z } from "zod";
import { DeviceSettings, QuietSettings } from "../components/NotificationSettings.tsx";
import { SettingsPage } from "../components/SettingsPage.tsx";
import PushSwitch from "../islands/PushSwitch.tsx";
import { readPlace } from "../lib/chat_data.ts";
import { isZone, parseClock } from "../lib/chat/quiet_hours.ts";
import { define } from "../lib/define.ts";
import { readForm, readQuery } from "../lib/http.ts";
import { listPushDevices, removePushDevice } from "../lib/store/push_devices.ts";
import { getSettings, type Settings } from "../lib/store/settings.ts";

/** A box that is not ticked is not sent. */
const ticked = z.literal("on").optional().transform((on) => on === "on");
const clock = z.string().transform(parseClock).refine((m) => m !== null, "is no time of day");
const form = z.discriminatedUnion("section", [
  z.strictObject({ section: z.literal("receipts"), receipts: ticked }),
  z.strictObject({
    section: z.literal("quiet"),
    quiet: ticked,
    from: clock,
    to: clock,
    zone: z.string().max(64).refine(isZone, "is no time zone"),
  }),
  z.strictObject({ section: z.literal("device"), device: z.string().max(64) }),
]);
const query = z.object({ saved: z.literal("").optional() });

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv }, session } = ctx.state;
    const { user, hash } = session!;
    const { saved } = readQuery(ctx.url, query);
    const [settings, devices] = await Promise.all([
      getSettings(kv, user.id),
      listPushDevices(kv, user.id),
    ]);
    const here = devices.find((device) => device.session === hash)?.id;
    return page({
      settings,
      saved: saved !== undefined,
      devices: devices.map(({ id, name, usedAt }) => ({ id, name, usedAt, here: id === here })),
      place: readPlace(ctx.req),
      now: Date.now(),
      account: user.id,
    });
  },

  async POST(ctx) {
    const { services: { kv, live }, session } = ctx.state;
    const fields = await readForm(ctx.req, form);
    const { id } = session!.user;
    if (fields.section === "device") {
      await removePushDevice(kv, id, fields.device, { forGood: true });
    } else await live.changeSettings(id, changeOf(fields));
    return ctx.redirect("/settings?saved", 303);
  },
});

function changeOf(
  fields: Exclude<z.output<typeof form>, { section: "device" }>,
): Partial<Settings> {
  if (fields.section === "receipts") return { receipts: fields.receipts };
  const { quiet, from, to, zone } = fields;
  return { quiet: quiet ? { from: from!, to: to!, zone } : null };
}

const ZONES = Intl.supportedValuesOf("timeZone");

export default define.page<typeof handler>(({ data }) => {
  const { devices, place, now, account, ...rest } = data;
  return (
    <SettingsPage {...rest}>
      <DeviceSettings devices={devices} place={place} now={now}>
        <PushSwitch account={account} />
      </DeviceSettings>
      <QuietSettings quiet={rest.settings.quiet} zone={place.zone} zones={ZONES} />
    </SettingsPage>
  );
});
