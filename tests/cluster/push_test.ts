/** Notifications with two processes on one denokv: who looks at one gets none from the other. */

import { assertEquals } from "@std/assert";
import type { Client } from "../helpers/client.ts";
import { denokvPath, startDenokv } from "../helpers/denokv.ts";
import { FakePushService } from "../helpers/push_service.ts";
import { startServer } from "../helpers/server.ts";
import { at, join } from "./pair.ts";

/** Longer than a burst is gathered. */
const TOLD_MS = 3_000;

async function turnOn(client: Client, service: FakePushService, name: string): Promise<void> {
  await client.json("/api/push/devices", await service.subscribe(name));
}

Deno.test({
  name: "two processes have one key, tell of a message once, and know who looks at the other",
  ignore: !denokvPath,
  async fn() {
    const box: { service?: FakePushService } = {};
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    const listener = Deno.serve(options, (request) => box.service!.handle(request));
    const { port } = listener.addr as Deno.NetAddr;
    const service = box.service = new FakePushService(`http://127.0.0.1:${port}`);
    await using denokv = await startDenokv();
    const env = { DENO_KV_ACCESS_TOKEN: denokv.token, PUSH_HOSTS: service.origin };
    const start = () => startServer({ env, kvPath: denokv.url });
    {
      await using two = await start();
      const ben = await join(two, "ben");
      await turnOn(ben, service, "bens");
      await using one = await start(); // it knows of the device from the start
      const ada = await join(one, "ada");
      assertEquals(await ada.json("/api/push/key"), await ben.json("/api/push/key"));

      // A burst that both processes store is told once, by whichever of them comes first.
      const { id: room } = await ada.room(ben.me);
      const adaAtTwo = await at(two, ada);
      const post = (from: Client, id: string) =>
        from.json(`/api/rooms/${room}/posts`, { id, text: `message ${id}` });
      await Promise.all([post(ada, "m1"), post(adaAtTwo, "m2")]);
      await service.got("bens", 1);
      await new Promise((resolve) => setTimeout(resolve, TOLD_MS));
      const told = service.contents("bens");
      assertEquals(told.map((content) => content.type === "message" && content.title), ["ada (2)"]);

      // Ben looks at the second process; Ada posts at the first.
      await using socket = await ben.connect();
      socket.send({ type: "attention", focused: true });
      await socket.settled();
      await new Promise((resolve) => setTimeout(resolve, TOLD_MS)); // gathered and written
      await post(ada, "m3");
      await socket.next("events", ({ events }) => events.some(({ id }) => id === "m3"));
      await new Promise((resolve) => setTimeout(resolve, TOLD_MS));
      assertEquals(service.contents("bens").length, 1);
    }
    await listener.shutdown();
  },
});
