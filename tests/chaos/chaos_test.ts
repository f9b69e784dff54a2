/** `CHAOS_SECONDS` (20) and `CHAOS_SEED` (random) say how long and which; prints one line of JSON. */

import { assertEquals, assertGreater } from "@std/assert";
import { denokvPath } from "../helpers/denokv.ts";
import { runChaos } from "./run.ts";

Deno.test({
  name: "under kill -9 of servers and database nothing is lost, doubled, disordered or left out",
  ignore: !denokvPath,
  async fn() {
    const seconds = Number(Deno.env.get("CHAOS_SECONDS") ?? 20);
    const seed = Number(Deno.env.get("CHAOS_SEED") ?? Math.floor(Math.random() * 1e9));
    const { summary, verdict } = await runChaos({ seconds, seed });
    console.log(JSON.stringify(summary));
    const none: string[] = [];
    const first = Object.values(verdict).flatMap((broken) => broken.slice(0, 5));
    assertEquals(first, none, `seed ${seed}`);
    const meant = summary.posted - summary.declined;
    assertEquals(summary.stored, meant, `seed ${seed}: everything is stored, once`);
    assertGreater(summary.connects, 20, "somebody had to come back");
    assertGreater(summary.groupChanges, 3, "the group changed meanwhile");
  },
});
