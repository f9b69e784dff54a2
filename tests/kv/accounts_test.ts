import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { ConflictError, InvalidError } from "../../lib/chat/errors.ts";
import {
  authenticate,
  createAccount,
  getOrCreateByIdentity,
  getUser,
  getUserByName,
  getUsers,
} from "../../lib/store/accounts.ts";
import { listPeople } from "../../lib/store/people.ts";
import { freshKv } from "../helpers/fresh_kv.ts";
import { createPerson } from "../helpers/people.ts";

const form = { username: "Ada", name: "Ada Lovelace", password: "correct horse" };

Deno.test("createAccount() gives one of 50 concurrent registrations of a name the name", async () => {
  using kv = await freshKv();
  const tries = Array.from({ length: 50 }, (_, n) => {
    const username = n % 2 ? "ADA" : "ada";
    return createAccount(kv, { ...form, username });
  });
  const results = await Promise.allSettled(tries);
  const won = results.filter(({ status }) => status === "fulfilled");
  const lost = results.flatMap((result) => result.status === "rejected" ? [result.reason] : []);
  assertEquals(won.length, 1);
  assert(lost.every((error) => error instanceof ConflictError), String(lost[0]));
  assertEquals((await listPeople(kv, {})).people.length, 1);
});

Deno.test("authenticate() answers the account for the name in any case and its password", async () => {
  using kv = await freshKv();
  const user = await createAccount(kv, form);
  assertEquals(await authenticate(kv, " aDa ", form.password), user);
});

Deno.test("authenticate() answers null for a wrong password, an unknown name and no password", async () => {
  using kv = await freshKv();
  await createAccount(kv, form);
  await createPerson(kv, "ben");
  assertEquals(await authenticate(kv, "ada", "wrong horse"), null);
  assertEquals(await authenticate(kv, "nobody", form.password), null);
  assertEquals(await authenticate(kv, "ben", ""), null);
  assertEquals(await authenticate(kv, "ada", "x".repeat(100_000)), null);
});

Deno.test("an account as it is stored and shown holds no password", async () => {
  using kv = await freshKv();
  const user = await createAccount(kv, form);
  for await (const { key, value } of kv.list({ prefix: [] })) {
    assert(!JSON.stringify(value).includes(form.password), String(key));
    if (key[0] !== "password") assert(!JSON.stringify(value).includes("argon2id"), String(key));
  }
  assertEquals(Object.keys(user).sort(), ["createdAt", "id", "name", "username"]);
});

Deno.test("createAccount() refuses names and passwords that break a rule", async () => {
  using kv = await freshKv();
  const bad = [
    { username: "a" },
    { username: "x".repeat(33) },
    { username: "two words" },
    { username: "a\u202eb" },
    { username: ".dot" },
    { password: "short" },
    { password: "x".repeat(257) },
    { username: "longenough", password: "LongEnough" },
  ];
  for (const part of bad) {
    await assertRejects(() => createAccount(kv, { ...form, ...part }), InvalidError);
  }
  assertEquals((await listPeople(kv, {})).people, []);
});

Deno.test("createAccount() shows the username when the name shows nothing", async () => {
  using kv = await freshKv();
  const user = await createAccount(kv, { ...form, name: " \u200b\u202e " });
  assertEquals(user.name, "ada");
});

Deno.test("createAccount() takes names that grow when they are folded", async () => {
  using kv = await freshKv();
  const name = "\ufdfa".repeat(64);
  assert(name.toLowerCase().normalize("NFKC").length > 1_000, "premise: folding makes it long");
  const user = await createAccount(kv, { ...form, name });
  const { people } = await listPeople(kv, { q: "\ufdfa" });
  assertEquals(people.map(({ id }) => id), [user.id]);
});

Deno.test("getOrCreateByIdentity() makes one account of concurrent first sign-ins", async () => {
  using kv = await freshKv();
  const identity = { provider: "github", subject: "1", login: "ada", name: "Ada" };
  const users = await Promise.all(
    Array.from({ length: 10 }, () => getOrCreateByIdentity(kv, identity)),
  );
  assertEquals(new Set(users.map(({ id }) => id)).size, 1);
  assertEquals((await listPeople(kv, {})).people.length, 1);
});

Deno.test("getOrCreateByIdentity() keeps people apart whose login is the same", async () => {
  using kv = await freshKv();
  const taken = await createAccount(kv, form);
  const users = await Promise.all(
    ["1", "2", "3", "4"].map((subject) =>
      getOrCreateByIdentity(kv, { provider: "github", subject, login: "ada", name: "" })
    ),
  );
  const names = [taken, ...users].map(({ username }) => username);
  assertEquals(new Set(names).size, 5);
  assertEquals(names.slice(1).toSorted(), ["ada2", "ada3", "ada4", "ada5"]);
});

Deno.test("getOrCreateByIdentity() never signs in to an account of that username", async () => {
  using kv = await freshKv();
  const victim = await createAccount(kv, form);
  const identity = { provider: "oidc", subject: "x", login: "ada", name: "Ada" };
  assertNotEquals((await getOrCreateByIdentity(kv, identity)).id, victim.id);
});

Deno.test("getOrCreateByIdentity() finds a username for a login that is none", async () => {
  using kv = await freshKv();
  for (const [subject, login] of ["", "a", "💥", "--", "x".repeat(99)].entries()) {
    const identity = { provider: "oidc", subject: String(subject), login, name: "" };
    const user = await getOrCreateByIdentity(kv, identity);
    assertEquals(await getUserByName(kv, user.username), user);
  }
});

Deno.test("getUsers() keeps the order and leaves out the unknown", async () => {
  using kv = await freshKv();
  const ada = await createPerson(kv, "ada");
  const ben = await createPerson(kv, "ben");
  const ids = [ben.id, "nobody", ...Array(15).fill(ada.id)];
  assertEquals((await getUsers(kv, ids)).map(({ username }) => username), [
    "ben",
    ...Array(15).fill("ada"),
  ]);
  assertEquals(await getUser(kv, "nobody"), null);
});
