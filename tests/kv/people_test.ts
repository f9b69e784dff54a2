import { assert, assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { InvalidError } from "../../lib/chat/errors.ts";
import { foldName } from "../../lib/chat/text.ts";
import type { Person } from "../../lib/chat/people.ts";
import { encodeCursor } from "../../lib/store/cursors.ts";
import { listPeople, type PeopleQuery, personKey, personTermKeys } from "../../lib/store/people.ts";
import { freshKv } from "../helpers/fresh_kv.ts";
import { stubKv } from "../helpers/stub_kv.ts";

const FIRST = ["Ada", "Ben", "Cyd", "Dan", "Eve", "Fay", "Gus", "Hal", "Émile", "Ølaf"];
const LAST = ["Young", "Zhu", "Abel", "Brown", "van Dyk", "O’Neil", "Иванов", "李"];

/** Puts people into the index in large commits, much faster than one account at a time. */
async function seed(kv: Deno.Kv, people: readonly Person[]): Promise<void> {
  for (let i = 0; i < people.length; i += 100) {
    const atomic = kv.atomic();
    for (const person of people.slice(i, i + 100)) {
      for (const key of [personKey(person), ...personTermKeys(person)]) atomic.set(key, person);
    }
    await atomic.commit();
  }
}

function crowd(count: number): Person[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `id-${String(n).padStart(5, "0")}`,
    username: `user${n}`,
    name: `${FIRST[n % FIRST.length]} ${LAST[(n * 7) % LAST.length]} ${n}`,
  }));
}

async function allPages(kv: Deno.Kv, query: PeopleQuery): Promise<Person[]> {
  const all: Person[] = [];
  let after: string | null | undefined;
  do {
    const page = await listPeople(kv, { ...query, after: after ?? undefined });
    all.push(...page.people);
    after = page.next;
  } while (after !== null);
  return all;
}

Deno.test("listPeople() with 10,000 people", async (t) => {
  using kv = await freshKv();
  const people = crowd(10_000);
  await seed(kv, people);

  await t.step("answers the first page in the order of folded names, reading little", async () => {
    let read = 0;
    const counting = stubKv(kv, { entry: () => void read++ });
    const { people, next } = await listPeople(counting, { limit: 50 });
    assertEquals(people.length, 50);
    assert(next !== null);
    assert(people.every(({ name }) => name.startsWith("Ada")));
    assertLessOrEqual(read, 51);
  });

  await t.step("visits each person once, in order", async () => {
    const all = await allPages(kv, { limit: 100 });
    assertEquals(all.length, people.length);
    assertEquals(new Set(all.map(({ id }) => id)).size, people.length);
    const encode = new TextEncoder();
    for (let i = 1; i < all.length; i++) {
      const [a, b] = [all[i - 1], all[i]].map(({ name }) => encode.encode(foldName(name)));
      assert(compareBytes(a, b) <= 0, `${all[i - 1].name} before ${all[i].name}`);
    }
  });

  await t.step("finds by the beginnings of words, in any case and without accents", async () => {
    for (const q of ["emile", "ÉMI", "ivan", "Иван", "user1234", "李", "neil"]) {
      const expected = people.filter((person) => begins(person, q));
      const found = await allPages(kv, { q, limit: 100 });
      assertEquals(found.length, expected.length, q);
      assertEquals(ids(found), ids(expected), q);
    }
  });

  await t.step("wants every word of the filter", async () => {
    const found = await allPages(kv, { q: "yo ada 4", limit: 100 });
    const expected = people.filter((person) =>
      ["ada", "yo", "4"].every((word) => begins(person, word))
    );
    assert(expected.length > 0, "premise: someone is meant");
    assertEquals(ids(found), ids(expected));
    assertEquals(await allPages(kv, { q: "ada nosuchword" }), []);
  });

  await t.step("reads a bounded part of the index for a filter that matches nobody", async () => {
    let read = 0;
    const counting = stubKv(kv, { entry: () => void read++ });
    const { people } = await listPeople(counting, { q: "user zzz" });
    assertEquals(people, []);
    assertLessOrEqual(read, 2_000);
  });

  await t.step("finds substrings of words not at all", async () => {
    assertEquals((await listPeople(kv, { q: "ser12" })).people, []);
  });

  await t.step("caps the limit", async () => {
    assertEquals((await listPeople(kv, { limit: 5_000 })).people.length, 100);
  });
});

Deno.test("listPeople() leaves the viewer out and keeps paging", async () => {
  using kv = await freshKv();
  const people = crowd(7);
  await seed(kv, people);
  const found = await allPages(kv, { without: people[3].id, limit: 2 });
  assertEquals(ids(found), ids(people.filter((_, n) => n !== 3)));
});

Deno.test("listPeople() never repeats a person who has several matching words", async () => {
  using kv = await freshKv();
  const people = Array.from({ length: 9 }, (_, n) => ({
    id: `p${n}`,
    username: `anne${n}`,
    name: `Anna Annabel ${n}`,
  }));
  await seed(kv, people);
  for (const q of ["an", "ann", "anna", "anna an"]) {
    assertEquals((await allPages(kv, { q, limit: 2 })).length, 9, q);
  }
});

Deno.test("listPeople() pages through the longest names with cursors that fit their limit", async () => {
  using kv = await freshKv();
  const people = Array.from({ length: 3 }, (_, n) => ({
    id: `0123456789abcde${n}`,
    username: `u${n}`,
    name: "𠜎".repeat(64),
  }));
  await seed(kv, people);
  for (const q of ["", "𠜎"]) {
    const { next } = await listPeople(kv, { q, limit: 1 });
    assertLessOrEqual(next!.length, 400);
    assertEquals(ids(await allPages(kv, { q, limit: 1 })), ids(people));
  }
});

Deno.test("listPeople() refuses a cursor that it did not make", async () => {
  using kv = await freshKv();
  const bad = [
    "",
    "!!!",
    "e30",
    encodeCursor(["one"]),
    encodeCursor(["a", "b", "c"]),
    encodeCursor([1, "b"]),
    encodeCursor(["x".repeat(3_000), "b"]),
  ];
  for (const after of bad) {
    await assertRejects(() => listPeople(kv, { after }), InvalidError, "cursor", after);
  }
  await assertRejects(() => listPeople(kv, { q: "a", after: encodeCursor(["a", "b"]) }));
});

Deno.test("listPeople() by a cursor reads nothing outside the people list", async () => {
  using kv = await freshKv();
  await kv.set(["user", "x"], { id: "x", name: "Secret", username: "secret" });
  await kv.set(["people_term", "a", "b", "c"], { id: "t", name: "Term", username: "term" });
  for (const part of ["", "\u0000", "\u{10ffff}", "\u{10ffff}z", "zzz"]) {
    const { people } = await listPeople(kv, { after: encodeCursor([part, part]) });
    assertEquals(people, []);
  }
});

Deno.test("listPeople() refuses a cursor of another filter", async () => {
  using kv = await freshKv();
  for (const word of ["", "b", "zzz", "a b", "a\u{10ffff}z", "\u0000"]) {
    const after = encodeCursor([word, "b", "c"]);
    await assertRejects(() => listPeople(kv, { q: "a", after }), InvalidError);
  }
});

function begins({ name, username }: Person, word: string): boolean {
  const words = foldName(`${name} ${username}`).split(/[^\p{L}\p{M}\p{N}]+/u);
  return words.some((one) => one.startsWith(foldName(word)));
}

function ids(people: readonly Person[]): string[] {
  return people.map(({ id }) => id).toSorted();
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}
