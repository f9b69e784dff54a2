import { assertEquals } from "@std/assert";
import { effect } from "@preact/signals";
import { MAX_WHO } from "../../../lib/chat/limits.ts";
import type { Person } from "../../../lib/chat/people.ts";
import { PeopleDirectory } from "../../../lib/client/people_directory.ts";
import { ANN, BOB } from "../../helpers/chat_harness.ts";
import { microtasks } from "../../helpers/virtual_clock.ts";

/** A directory whose questions the test answers. */
function directory() {
  const asked: { ids: string[]; answer(people: Person[]): void; fail(): void }[] = [];
  const people = new PeopleDirectory((ids) =>
    new Promise((resolve, reject) =>
      asked.push({ ids, answer: resolve, fail: () => reject(new Error("lost")) })
    )
  );
  return { people, asked };
}

Deno.test("PeopleDirectory gives whom it was told of, and asks for nobody it knows", async () => {
  const { people, asked } = directory();
  people.add([ANN]);
  people.live();
  assertEquals(people.of("ann").value, ANN);
  await microtasks();
  assertEquals(asked, []);
});

Deno.test("PeopleDirectory asks once for all unknown people of a turn, and tells the answer", async () => {
  const { people, asked } = directory();
  people.live();
  const seen: (string | undefined)[] = [];
  const stop = effect(() => void seen.push(people.of("ann").value?.name));
  people.of("bob");
  people.of("ann");
  await microtasks();
  assertEquals(asked.map(({ ids }) => ids), [["ann", "bob"]]);
  asked[0].answer([ANN, BOB]);
  await microtasks();
  assertEquals(seen, [undefined, "Ann"]);
  assertEquals(people.of("bob").value, BOB);
  stop();
});

Deno.test("PeopleDirectory asks for at most MAX_WHO people in a question", async () => {
  const { people, asked } = directory();
  people.live();
  for (let n = 0; n <= MAX_WHO; n++) people.of(`p${n}`);
  await microtasks();
  assertEquals(asked.map(({ ids }) => ids.length), [MAX_WHO, 1]);
});

Deno.test("PeopleDirectory asks nothing before it is live", async () => {
  const { people, asked } = directory();
  people.of("ann");
  people.of("bob");
  await microtasks();
  assertEquals(asked, []);
  people.add([BOB]);
  people.live();
  await microtasks();
  assertEquals(asked.map(({ ids }) => ids), [["ann"]]);
});

Deno.test("PeopleDirectory does not ask again for whom the server does not know", async () => {
  const { people, asked } = directory();
  people.live();
  people.of("nobody");
  await microtasks();
  asked[0].answer([]);
  await microtasks();
  people.live();
  assertEquals(people.of("nobody").value, null);
  await microtasks();
  assertEquals(asked.length, 1);
});

Deno.test("PeopleDirectory asks again on the next connection when a question failed", async () => {
  const { people, asked } = directory();
  people.live();
  people.of("ann");
  await microtasks();
  asked[0].fail();
  await microtasks();
  assertEquals(asked.length, 1);
  people.live();
  await microtasks();
  assertEquals(asked.map(({ ids }) => ids), [["ann"], ["ann"]]);
});
