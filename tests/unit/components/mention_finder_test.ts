import { assertEquals } from "@std/assert";
import {
  MAX_SHOWN,
  MentionFinder,
  PAUSE_MS,
  type Sources,
} from "../../../components/mention_finder.ts";
import type { Person } from "../../../lib/chat/people.ts";
import { VirtualClock } from "../../helpers/virtual_clock.ts";

const person = (name: string): Person => ({ id: name.toLowerCase(), username: name, name });
const ME = person("Ada");
const MEMBERS = [ME, person("Ben"), person("Berta")];

/** What was asked, each to be answered by the test. */
interface Question {
  kind: "members" | "people";
  query: string;
  limit: number;
  signal?: AbortSignal;
  answer(people: Person[]): Promise<void>;
  refuse(): Promise<void>;
}

function setUp({ direct = false } = {}) {
  const clock = new VirtualClock();
  const asked: Question[] = [];
  let changes = 0;
  const ask = (kind: Question["kind"]) => (query: string, limit: number, signal?: AbortSignal) => {
    const { promise, resolve, reject } = Promise.withResolvers<Person[]>();
    const settle = async (run: () => void) => {
      run();
      await clock.advance(0);
    };
    asked.push({
      kind,
      query,
      limit,
      signal,
      answer: (people) => settle(() => resolve(people)),
      refuse: () => settle(() => reject(new Error("429"))),
    });
    return promise;
  };
  const sources: Sources = { members: ask("members"), ...!direct && { people: ask("people") } };
  const changed = () => void changes++;
  const finder = new MentionFinder(sources, { me: ME.id, changed, timers: clock });
  return {
    finder,
    clock,
    asked,
    changes: () => changes,
    /** Types, and pauses. */
    async type(query: string | null) {
      finder.seek(query);
      await clock.advance(PAUSE_MS);
    },
    found: () => {
      const { members, others } = finder.found;
      return [members.map(({ name }) => name), others.map(({ name }) => name)];
    },
    log: () => asked.map(({ kind, query }) => `${kind} ${query}`.trim()),
  };
}

Deno.test("an @ asks for members at once; what is typed then is filtered without a question", async () => {
  const t = setUp();
  t.finder.seek("");
  await t.clock.advance(0);
  await t.asked[0].answer(MEMBERS);
  assertEquals([t.found(), t.changes()], [[["Ben", "Berta"], []], 1]);
  t.finder.seek("ber");
  assertEquals(t.found(), [["Berta"], []], "at once");
  t.finder.seek("b");
  assertEquals(t.found(), [["Ben", "Berta"], []]);
  assertEquals(t.log(), ["members"]);
});

Deno.test("others are asked for beside few members, once the typing pauses, and are no members", async () => {
  const t = setUp();
  await t.type("");
  await t.asked[0].answer(MEMBERS);
  for (const query of ["b", "be", "ber"]) t.finder.seek(query);
  await t.clock.advance(PAUSE_MS - 1);
  assertEquals(t.log(), ["members"]);
  await t.clock.advance(1);
  assertEquals(t.log(), ["members", "people ber"]);
  await t.asked[1].answer([...MEMBERS, person("Bernd"), ME]);
  assertEquals(t.found(), [["Berta"], ["Bernd"]]);
  t.finder.seek("bern");
  assertEquals(t.found(), [[], ["Bernd"]]);
  await t.clock.advance(PAUSE_MS);
  assertEquals(t.log().length, 2, "the answer was all there is");
});

Deno.test("an answer that comes after the next question is dropped, and its question withdrawn", async () => {
  const t = setUp();
  await t.type("");
  await t.asked[0].answer(MEMBERS);
  await t.type("x");
  await t.type("xa");
  assertEquals(t.log(), ["members", "people x", "people xa"]);
  assertEquals([t.asked[1].signal?.aborted, t.asked[2].signal?.aborted], [true, false]);
  await t.asked[2].answer([person("Xaver")]);
  await t.asked[1].answer([person("Xanthippe"), person("Xaveria")]);
  assertEquals(t.found(), [[], ["Xaver"]]);
});

Deno.test("among many members nobody else is asked for, nor shown as outside", async () => {
  const t = setUp();
  await t.type("");
  const many = Array.from({ length: t.asked[0].limit }, (_, n) => person(`Bob${n}`));
  await t.asked[0].answer(many);
  assertEquals(t.finder.found.members.length, MAX_SHOWN);
  await t.type("bob");
  assertEquals(t.log(), ["members", "members bob"], "there may be more than were told");
  await t.asked[1].answer(many);
  assertEquals(t.log().length, 2);
  await t.type("bob1");
  assertEquals(t.finder.found.others, []);
  await t.asked[2].answer([many[1]]);
  assertEquals(t.log()[3], "people bob1");
  await t.asked[3].answer([many[1], person("Bob1x")]);
  assertEquals(t.found(), [["Bob1"], ["Bob1x"]]);
});

Deno.test("at most three others are shown, and none for an @ alone", async () => {
  const t = setUp();
  await t.type("");
  await t.asked[0].answer(MEMBERS);
  assertEquals(t.log(), ["members"]);
  await t.type("x");
  await t.asked[1].answer(Array.from({ length: t.asked[1].limit }, (_, n) => person(`X${n}`)));
  assertEquals(t.found(), [[], ["X0", "X1", "X2"]]);
  await t.type("x7");
  assertEquals(t.log().at(-1), "people x7", "there may be more of them");
});

Deno.test("in a room of two nobody else is looked for", async () => {
  const t = setUp({ direct: true });
  await t.type("");
  await t.asked[0].answer([person("Ben")]);
  await t.type("x");
  assertEquals([t.found(), t.log()], [[[], []], ["members"]]);
});

Deno.test("a question that fails shows what is known; the next key asks again", async () => {
  const t = setUp();
  await t.type("b");
  await t.asked[0].answer(MEMBERS);
  await t.asked[1].refuse();
  assertEquals(t.found(), [["Ben", "Berta"], []]);
  await t.type("be");
  assertEquals(t.log(), ["members b", "people b", "people be"]);
});

Deno.test("closed, all is forgotten and nothing comes late", async () => {
  const t = setUp();
  await t.type("b");
  t.finder.seek(null);
  await t.asked[0].answer(MEMBERS);
  assertEquals([t.found(), t.log(), t.changes()], [[[], []], ["members b"], 0]);
  t.finder.seek("b");
  t.finder.close();
  await t.clock.advance(PAUSE_MS);
  assertEquals(t.log().length, 1);
});
