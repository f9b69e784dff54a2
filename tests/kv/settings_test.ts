import { assertEquals } from "@std/assert";
import { keys } from "../../lib/store/keys.ts";
import { readLog } from "../../lib/store/logs.ts";
import {
  changeSettings,
  DEFAULT_SETTINGS,
  getSettings,
  getSettingsOf,
} from "../../lib/store/settings.ts";
import { freshKv } from "../helpers/fresh_kv.ts";

Deno.test("settings are the defaults until somebody changes theirs", async () => {
  using kv = await freshKv();
  assertEquals(await getSettings(kv, "ada"), DEFAULT_SETTINGS);
  const changed = await changeSettings(kv, "ada", { receipts: false });
  assertEquals(changed, { ...DEFAULT_SETTINGS, receipts: false });
  const [ada, ben] = await getSettingsOf(kv, ["ada", "ben"]);
  assertEquals([ada.receipts, ben.receipts], [false, true]);
});

Deno.test("a record that is older than a setting has its default", async () => {
  using kv = await freshKv();
  await kv.set(keys.settings("ada"), {});
  assertEquals((await getSettings(kv, "ada")).receipts, true);
});

Deno.test("a change of settings is told in the person's log, and in nobody else's", async () => {
  using kv = await freshKv();
  await changeSettings(kv, "ada", { receipts: false });
  const notes = await readLog(kv, ["user", "ada"], { after: 0, upTo: 9 });
  assertEquals(notes.map(({ value }) => value), [
    { type: "settings", settings: { ...DEFAULT_SETTINGS, receipts: false } },
  ]);
  assertEquals(await readLog(kv, ["user", "ben"], { after: 0, upTo: 9 }), []);
});

Deno.test("changes at the same time are all stored", async () => {
  using kv = await freshKv();
  await Promise.all(
    [true, false, true, false].map((receipts) => changeSettings(kv, "ada", { receipts })),
  );
  const notes = await readLog(kv, ["user", "ada"], { after: 0, upTo: 9 });
  const { receipts } = await getSettings(kv, "ada");
  assertEquals(notes.length, 4);
  assertEquals(notes.at(-1)?.value, {
    type: "settings",
    settings: { ...DEFAULT_SETTINGS, receipts },
  });
});
