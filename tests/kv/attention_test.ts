import { assert } from "@std/assert";
import { isAttentive } from "../../lib/store/attention.ts";
import { keys } from "../../lib/store/keys.ts";
import { post, setUp } from "../helpers/conversation.ts";
import { TestInstance } from "../helpers/instance.ts";

/** Waits until KV says so. */
async function until(kv: Deno.Kv, user: string, attentive: boolean): Promise<void> {
  for (let tries = 0; await isAttentive(kv, user) !== attentive; tries++) {
    assert(tries < 200, `never ${attentive ? "attentive" : "inattentive"}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

Deno.test("who says that they look is attentive until they say otherwise", async () => {
  await using t = await setUp();
  const socket = await t.instance.connect(t.ada);
  assert(!await isAttentive(t.kv, t.ada.id), "premise: a socket alone is no attention");
  socket.say({ type: "attention", focused: true });
  await until(t.kv, t.ada.id, true);
  assert(t.instance.live.attention.has(t.ada.id));
  assert(!await isAttentive(t.kv, t.ben.id));
  socket.say({ type: "attention", focused: false });
  assert(!t.instance.live.attention.has(t.ada.id));
  await until(t.kv, t.ada.id, false);
});

Deno.test("attention goes with the last focused socket, however it closes", async () => {
  await using t = await setUp();
  const [one, two] = [await t.instance.connect(t.ada), await t.instance.connect(t.ada)];
  one.say({ type: "attention", focused: true });
  two.say({ type: "attention", focused: true });
  await until(t.kv, t.ada.id, true);
  one.hangUp();
  assert(t.instance.live.attention.has(t.ada.id), "the other one still looks");
  two.hangUp();
  assert(!t.instance.live.attention.has(t.ada.id));
  await until(t.kv, t.ada.id, false);
});

Deno.test("attention at one instance is seen by all, until its lease ends", async () => {
  await using t = await setUp();
  await using other = await TestInstance.start(t.kv, { instance: "other" });
  (await other.connect(t.ada)).say({ type: "attention", focused: true });
  await until(t.kv, t.ada.id, true);
  assert(!t.instance.live.attention.has(t.ada.id));
  const lease = keys.head(["instance", "other"]);
  const { value } = await t.kv.get<{ seq: number }>(lease);
  await t.kv.set(lease, { ...value, expiresAt: Date.now() - 1 });
  assert(!await isAttentive(t.kv, t.ada.id), "the instance was killed");
});

Deno.test("a stopped instance leaves no attention behind", async () => {
  await using t = await setUp();
  {
    await using other = await TestInstance.start(t.kv, { instance: "other" });
    (await other.connect(t.ada)).say({ type: "attention", focused: true });
    await until(t.kv, t.ada.id, true);
  }
  const left = await Array.fromAsync(t.kv.list({ prefix: keys.attentionOf(t.ada.id) }));
  assert(left.length === 0);
});

Deno.test("before the hello nobody is attentive, and commands go on after one", async () => {
  await using t = await setUp();
  const early = t.instance.open(t.ada);
  early.say({ type: "attention", focused: true });
  assert(!t.instance.live.attention.has(t.ada.id));
  const socket = await t.instance.connect(t.ben);
  socket.say([{ type: "attention", focused: true }, post(t.room.id, "m1")]);
  await socket.take("ack");
});
