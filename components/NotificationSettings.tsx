/** The settings of notifications: this browser, all devices, and the hours without any. */

import type { ComponentChildren } from "preact";
import { clockText, type QuietHours } from "../lib/chat/quiet_hours.ts";
import { fullDate, listDate, type Place } from "./dates.ts";
import { SettingsSection, Switch } from "./SettingsPage.tsx";

/** A device as its owner sees it. */
export interface DeviceLine {
  id: string;
  name: string;
  /** When Parley was last opened there. */
  usedAt: number;
  /** It is the browser that this page is in. */
  here: boolean;
}

interface DevicesProps {
  devices: DeviceLine[];
  place: Place;
  now: number;
  /** Turns them on in this browser. */
  children: ComponentChildren;
}

export function DeviceSettings({ devices, place, now, children }: DevicesProps) {
  return (
    <section
      id="notifications"
      aria-labelledby="settings-notifications"
      class="rounded-2xl bg-raised px-4 wide:px-6 py-4 shadow-card"
    >
      <h2 id="settings-notifications" class="mb-1 text-lg font-semibold">Notifications</h2>
      {children}
      {devices.length > 0 && (
        <>
          <h3 class="mt-4 mb-1 text-sm font-semibold text-muted">Devices that get them</h3>
          <ul>
            {devices.map((device) => (
              <Device key={device.id} {...device} place={place} now={now} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Device(
  { id, name, usedAt, here, place, now }: DeviceLine & { place: Place; now: number },
) {
  return (
    <li class="flex items-center gap-3 py-2 border-t">
      <div class="flex-1 min-w-0">
        <p class="text-base truncate">
          <bdi>{name}</bdi>
        </p>
        <p class="text-sm text-muted">
          {here && <span class="text-accent font-semibold">This browser</span>}
          {here ? ", last used " : "Last used "}
          <time dateTime={new Date(usedAt).toISOString()} title={fullDate(usedAt, place)}>
            {listDate(usedAt, now, place)}
          </time>
        </p>
      </div>
      <form method="post" action="/settings">
        <input type="hidden" name="section" value="device" />
        <button type="submit" name="device" value={id} class="button button-quiet">
          Remove<span class="sr-only">
            {" "}
            <bdi>{name}</bdi>
          </span>
        </button>
      </form>
    </li>
  );
}

const USUAL = { from: 22 * 60, to: 7 * 60 };

interface QuietProps {
  quiet: QuietHours | null;
  /** Where the viewer is, unless they said otherwise. */
  zone: string;
  /** All there are. */
  zones: readonly string[];
}

export function QuietSettings({ quiet, zone, zones }: QuietProps) {
  const { from, to } = quiet ?? USUAL;
  const chosen = quiet?.zone ?? zone;
  return (
    <SettingsSection title="Quiet hours" section="quiet">
      <Switch
        name="quiet"
        label="No notifications in these hours"
        hint="What comes then waits in the list, without a sound."
        on={quiet !== null}
      />
      <div class="grid grid-cols-2 wide:grid-cols-4 gap-3 py-2">
        <Clock name="from" label="From" minutes={from} />
        <Clock name="to" label="To" minutes={to} />
        <div class="col-span-2">
          <label class="block mb-1.5 text-sm font-semibold" for="zone">By the clock of</label>
          <select id="zone" name="zone" class="field">
            {zones.includes(chosen) ? null : <option selected>{chosen}</option>}
            {zones.map((name) => <option key={name} selected={name === chosen}>{name}</option>)}
          </select>
        </div>
      </div>
    </SettingsSection>
  );
}

function Clock({ name, label, minutes }: { name: string; label: string; minutes: number }) {
  return (
    <div>
      <label class="block mb-1.5 text-sm font-semibold" for={name}>{label}</label>
      <input id={name} name={name} type="time" class="field" value={clockText(minutes)} required />
    </div>
  );
}
