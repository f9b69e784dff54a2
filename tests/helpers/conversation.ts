/** Three people, a room of two of them, and an instance that they talk to. */

import { PROTOCOL_VERSION } from "../../lib/chat/commands.ts";
import type { FakeSocket } from "./fake_socket.ts";
import { freshKv } from "./fresh_kv.ts";
import { TestInstance } from "./instance.ts";
import { createPair, createPerson } from "./people.ts";

export const HELLO = { type: "hello", version: PROTOCOL_VERSION };

/** Ada and Ben share a room; Eve knows neither. Declare it with `await using`. */
export async function setUp(options: { postsPerSecond?: number } = {}) {
  const kv = await freshKv();
  const pair = await createPair(kv);
  const eve = await createPerson(kv, "eve", "Eve");
  const instance = await TestInstance.start(kv, options);
  return {
    kv,
    ...pair,
    eve,
    instance,
    async [Symbol.asyncDispose]() {
      await instance[Symbol.asyncDispose]();
      kv.close();
    },
  };
}

/** A command that posts. */
export function post(room: string, id: string, text = "hi") {
  return { type: "post", room, id, text };
}

/** Posts and waits until all are acked. */
export async function postAll(socket: FakeSocket, room: string, count: number): Promise<void> {
  for (let n = 1; n <= count; n++) socket.say(post(room, `m${n}`, `text ${n}`));
  for (let n = 1; n <= count; n++) await socket.take("ack", ({ id }) => id === `m${n}`);
}
