import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { readSession, register, signIn, signOut, startSession } from "../../lib/auth.ts";
import type { Caller } from "../../lib/caller.ts";
import { InvalidError, RateLimitedError } from "../../lib/chat/errors.ts";
import { freshKv } from "../helpers/fresh_kv.ts";

const form = { username: "ada", name: "Ada", password: "correct horse" };

function callerFrom(address: string): Caller {
  return { origin: "https://chat.example", secure: true, address };
}

const caller = callerFrom("1.1.1.1");

function requestWith(setCookie: string): Request {
  const [cookie] = setCookie.split(";");
  return new Request("https://chat.example/", { headers: { cookie } });
}

const stranger = new Request("https://chat.example/");

Deno.test("a person who registers is signed in, and signs out for good", async () => {
  using kv = await freshKv();
  const auth = { kv, signInsPerMinute: 10 };
  const user = await register(auth, form, caller);
  const request = requestWith(await startSession(kv, user, stranger, caller));
  assertEquals((await readSession(kv, request, caller))?.user.username, "ada");
  await signOut(kv, request, caller);
  await signOut(kv, request, caller);
  assertEquals(await readSession(kv, request, caller), null);
});

Deno.test("each sign-in makes a new session and ends the one that the browser had", async () => {
  using kv = await freshKv();
  const auth = { kv, signInsPerMinute: 10 };
  const user = await register(auth, form, caller);
  const first = requestWith(await startSession(kv, user, stranger, caller));
  const elsewhere = requestWith(await startSession(kv, user, stranger, caller));
  assert(await readSession(kv, first, caller), "premise: the first is valid");
  const again = await signIn(auth, form, caller);
  const second = requestWith(await startSession(kv, again, first, caller));
  assertNotEquals(first.headers.get("cookie"), second.headers.get("cookie"));
  assertEquals(await readSession(kv, first, caller), null);
  for (const request of [second, elsewhere]) assert(await readSession(kv, request, caller));
});

Deno.test("sign-in says the same of an unknown name and of a wrong password", async () => {
  using kv = await freshKv();
  const auth = { kv, signInsPerMinute: 10 };
  await register(auth, form, caller);
  const messages = [];
  for (const bad of [{ username: "nobody" }, { password: "wrong" }, { username: "" }]) {
    const error = await assertRejects(() => signIn(auth, { ...form, ...bad }, caller));
    assert(error instanceof InvalidError);
    messages.push(error.message);
  }
  assertEquals(new Set(messages).size, 1);
});

Deno.test("sign-ins by one address are limited, whatever the names", async () => {
  using kv = await freshKv();
  const auth = { kv, signInsPerMinute: 2 };
  const tries = ["a1", "a2", "a3", "a4", "a5"];
  for (const username of tries.slice(0, 4)) {
    await assertRejects(() => signIn(auth, { ...form, username }, caller), InvalidError);
  }
  const last = { ...form, username: tries[4] };
  await assertRejects(() => signIn(auth, last, caller), RateLimitedError);
  await assertRejects(() => signIn(auth, last, callerFrom("2.2.2.2")), InvalidError);
});

Deno.test("guesses at one account are limited from many addresses, and a success forgives", async () => {
  using kv = await freshKv();
  const auth = { kv, signInsPerMinute: 3 };
  await register(auth, form, caller);
  const guess = (n: number) =>
    signIn(auth, { ...form, password: "wrong" }, callerFrom(`9.9.9.${n}`));
  for (const n of [1, 2]) await assertRejects(() => guess(n), InvalidError);
  await signIn(auth, { ...form, username: " ADA " }, caller);
  for (const n of [3, 4, 5]) await assertRejects(() => guess(n), InvalidError);
  await assertRejects(() => guess(6), RateLimitedError);
  await assertRejects(() => signIn(auth, form, caller), RateLimitedError);
});
