/** The settings page as a browser without JavaScript uses it. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { register } from "../helpers/client.ts";
import { allowsAll } from "../helpers/permissions.ts";
import { startServer } from "../helpers/server.ts";

const BOX = /<input type="checkbox" name="receipts"[^>]*>/;

Deno.test({
  name: "settings are saved by form, are the person's own, and refuse strangers and other sites",
  ignore: !allowsAll,
  async fn() {
    await using server = await startServer();
    const ada = await register(server.origin, "ada");
    const bob = await register(server.origin, "bob");
    const pageOf = async (client: typeof ada) => await (await client.fetch("/settings")).text();
    const save = async (fields: Record<string, string>, headers = {}) => {
      const body = new URLSearchParams(fields);
      const response = await ada.fetch("/settings", { method: "POST", body, headers });
      await response.body?.cancel();
      return [response.status, response.headers.get("location")];
    };
    assertMatch((await pageOf(ada)).match(BOX)![0], / checked/);
    assertEquals(await save({ section: "receipts" }), [303, "/settings?saved"]);
    assert(!/ checked/.test((await pageOf(ada)).match(BOX)![0]), "it is off");
    assertMatch((await pageOf(bob)).match(BOX)![0], / checked/);
    const told = await (await ada.fetch("/settings?saved")).text();
    assertStringIncludes(told, 'role="status"');

    assertEquals((await save({ section: "receipts", receipts: "maybe" }))[0], 400);
    assertEquals((await save({ section: "nothing" }))[0], 400);
    assertEquals((await save({ section: "receipts", userId: bob.me.id }))[0], 400);
    assertEquals((await save({ section: "receipts" }, { origin: "https://evil.example" }))[0], 403);
    const stranger = await fetch(`${server.origin}/settings`, { redirect: "manual" });
    await stranger.body?.cancel();
    assertEquals(
      [stranger.status, stranger.headers.get("location")],
      [303, "/login?next=%2Fsettings"],
    );

    assertEquals(await save({ section: "receipts", receipts: "on" }), [303, "/settings?saved"]);
    assertMatch((await pageOf(ada)).match(BOX)![0], / checked/);
    const chat = await (await ada.fetch("/chat")).text();
    assertStringIncludes(chat, 'href="/settings"');

    const often = [];
    for (let n = 0; n < 30; n++) often.push((await save({ section: "receipts" }))[0]);
    assert(often.includes(429), "others are told each time, so it has a limit");
  },
});
