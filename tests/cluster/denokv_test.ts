/** KV Connect as Parley uses it: many watches, a server that dies, and one that does not answer. */

import { assertEquals } from "@std/assert";
import { Appender } from "../../lib/live/appender.ts";
import { Watcher } from "../../lib/live/watcher.ts";
import { denokvPath, type DenokvServer, startDenokv } from "../helpers/denokv.ts";
import { Recorder, within } from "../helpers/waiting.ts";

/** More than denokv allows on one connection, at ten keys a stream: 200. */
const KEYS = 2_100;

function test(name: string, run: (server: DenokvServer) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !denokvPath,
    async fn() {
      await using server = await startDenokv();
      Deno.env.set("DENO_KV_ACCESS_TOKEN", server.token);
      await run(server);
    },
  });
}

test("2,100 watched keys leave the database usable, and each rings within a second", async ({ url }) => {
  using kv = await Deno.openKv(url);
  const watcher = new Watcher(kv, { openKv: () => Deno.openKv(url) });
  const seen = new Recorder<[number, unknown]>();
  for (let n = 0; n < KEYS; n++) watcher.watch(["k", n], (value) => seen.add([n, value]));
  await seen.until((all) => all.length === KEYS, "every key reports what it holds");
  for (const n of [0, 1_000, 1_999, 2_000, KEYS - 1]) {
    await within(kv.set(["k", n], "new"), "the commit", 1_000);
    await within(
      seen.until((all) => all.some(([key, value]) => key === n && value === "new"), "the ring"),
      "the ring",
      1_000,
    );
  }
  watcher.close();
});

test("watches ring again after the server was killed and started", async (server) => {
  using kv = await Deno.openKv(server.url);
  const watcher = new Watcher(kv, { openKv: () => Deno.openKv(server.url) });
  const seen = new Recorder<unknown>();
  watcher.watch(["a"], (value) => seen.add(value));
  await seen.until((all) => all.length === 1, "the first value");
  await server.signal("SIGKILL");
  const commit = kv.set(["a"], "while it was down");
  await server.restart();
  await commit;
  await seen.until((all) => all.includes("while it was down"), "the ring");
  watcher.close();
});

test("200 messages to 20 rooms at once are stored, within the server's limit of checks", async ({ url }) => {
  using kv = await Deno.openKv(url);
  const appender = new Appender(kv, { onCommit: () => {}, remote: true });
  const drafts = Array.from({ length: 200 }, (_, n) => ({
    type: "posted" as const,
    room: `room${n % 20}`,
    by: "ada",
    id: `m${n}`,
    text: "text",
  }));
  const acks = await within(Promise.all(drafts.map((d) => appender.append(d))), "acks", 3_000);
  assertEquals(acks.map(({ seq }) => seq), drafts.map((_, n) => Math.floor(n / 20) + 1));
});

test("what was committed outlives kill -9 of the server", async (server) => {
  using kv = await Deno.openKv(server.url);
  for (let round = 0; round < 3; round++) {
    let acked = -1;
    const writing = (async () => {
      for (let n = 0; n < 300; n++) {
        await kv.set(["kept", round, n], n);
        acked = n;
      }
    })();
    await new Promise((resolve) => setTimeout(resolve, 50 + 40 * round));
    await server.signal("SIGKILL");
    const upTo = acked;
    await server.restart();
    const entries = await Array.fromAsync(kv.list({ prefix: ["kept", round] }));
    const kept = new Set(entries.map(({ value }) => value));
    for (let n = 0; n <= upTo; n++) assertEquals(kept.has(n), true, `round ${round}, ${n}`);
    await writing;
  }
});
