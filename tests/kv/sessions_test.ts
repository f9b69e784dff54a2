import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { hashToken } from "../../lib/store/ids.ts";
import { keys } from "../../lib/store/keys.ts";
import { readLog } from "../../lib/store/logs.ts";
import {
  createSession,
  getSession,
  isSessionLive,
  removeSession,
  SESSION_MS,
} from "../../lib/store/sessions.ts";
import { freshKv } from "../helpers/fresh_kv.ts";
import { createPerson } from "../helpers/people.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Moves a session's expiry, as if time had passed. */
async function age(kv: Deno.Kv, token: string, expiresAt: number): Promise<void> {
  const key = keys.session(await hashToken(token));
  const { value } = await kv.get<object>(key);
  assert(value, "premise: the session is stored");
  await kv.set(key, { ...value, expiresAt });
}

Deno.test("a session is found by its token and by nothing else", async () => {
  using kv = await freshKv();
  const user = await createPerson(kv, "ada");
  const token = await createSession(kv, user.id);
  const session = await getSession(kv, token);
  assertEquals(session?.user, user);
  assertEquals(session?.renewed, false);
  assertEquals(await getSession(kv, session!.hash), null);
  assertEquals(await getSession(kv, ""), null);
});

Deno.test("a session is stored under the hash of its token only", async () => {
  using kv = await freshKv();
  const user = await createPerson(kv, "ada");
  const token = await createSession(kv, user.id);
  assertNotEquals(token, await createSession(kv, user.id));
  for await (const { key, value } of kv.list({ prefix: [] })) {
    assert(
      !JSON.stringify([key, value], (_, v) => typeof v === "bigint" ? `${v}` : v)
        .includes(token),
    );
  }
});

Deno.test("a session has ended at its expiresAt though KV still holds it", async () => {
  using kv = await freshKv();
  const user = await createPerson(kv, "ada");
  const token = await createSession(kv, user.id);
  assert(await isSessionLive(kv, await hashToken(token)), "premise: it lives before");
  await age(kv, token, Date.now());
  assertEquals(await getSession(kv, token), null);
  assertEquals(await isSessionLive(kv, await hashToken(token)), false);
});

Deno.test("a session of a day's age is renewed, once", async () => {
  using kv = await freshKv();
  const user = await createPerson(kv, "ada");
  const token = await createSession(kv, user.id);
  await age(kv, token, Date.now() + SESSION_MS - DAY_MS + 60_000);
  assertEquals((await getSession(kv, token))?.renewed, false);
  await age(kv, token, Date.now() + SESSION_MS - DAY_MS - 1);
  const renewed = await getSession(kv, token);
  assertEquals(renewed?.renewed, true);
  assert(renewed!.expiresAt > Date.now() + SESSION_MS - 5_000);
  assertEquals((await getSession(kv, token))?.renewed, false);
});

Deno.test("removeSession() ends it and leaves a note for the person's sockets", async () => {
  using kv = await freshKv();
  const user = await createPerson(kv, "ada");
  const [first, second] = [await createSession(kv, user.id), await createSession(kv, user.id)];
  const hash = await hashToken(first);
  await removeSession(kv, hash);
  await removeSession(kv, hash);
  assertEquals(await getSession(kv, first), null);
  assert(await getSession(kv, second), "the other session goes on");
  const notes = await readLog(kv, ["user", user.id], { after: 0, upTo: 9 });
  assertEquals(notes, [{ seq: 1, value: { type: "signed_out", session: hash } }]);
  assertEquals((await kv.get(keys.userSession(user.id, hash))).value, null);
});

Deno.test("a renewal does not bring back a session that is removed at the same time", async () => {
  using kv = await freshKv();
  const user = await createPerson(kv, "ada");
  for (let n = 0; n < 20; n++) {
    const token = await createSession(kv, user.id);
    await age(kv, token, Date.now() + SESSION_MS - 2 * DAY_MS);
    await Promise.all([getSession(kv, token), removeSession(kv, await hashToken(token))]);
    assertEquals(await getSession(kv, token), null);
  }
});

Deno.test("a session without its account is none", async () => {
  using kv = await freshKv();
  assertEquals(await getSession(kv, await createSession(kv, "gone")), null);
});
