/** Receipts on a KV Connect server, which many instances share. */

import { assertEquals } from "@std/assert";
import { getReceipts, moveDelivered } from "../../lib/store/receipts.ts";
import { denokvPath, startDenokv } from "../helpers/denokv.ts";

Deno.test({
  name: "two instances that move a thousand pointers at once leave each at its furthest",
  ignore: !denokvPath,
  async fn() {
    await using server = await startDenokv();
    Deno.env.set("DENO_KV_ACCESS_TOKEN", server.token);
    using a = await Deno.openKv(server.url);
    using b = await Deno.openKv(server.url);
    const members = Array.from({ length: 1_000 }, (_, n) => `person${n}`);
    const moves = (add: number) =>
      members.map((user, n) => ({ room: "r1", user, seq: (n + add) % 7 + 1 }));
    await Promise.all([moveDelivered(a, moves(0)), moveDelivered(b, moves(3))]);
    const people = await getReceipts(a, "viewer", { id: "r1", members });
    assertEquals(
      people.map(({ delivered }) => delivered),
      members.map((_, n) => Math.max(n % 7, (n + 3) % 7) + 1),
    );
  },
});
