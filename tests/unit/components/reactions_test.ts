import { assertEquals } from "@std/assert";
import { peopleIn } from "../../../components/Reactions.tsx";
import { QUICK } from "../../../components/quick_emoji.ts";
import { isEmoji } from "../../../lib/chat/emoji.ts";
import { emojiList } from "../../../lib/emoji_list.ts";

Deno.test("peopleIn() names everybody, the viewer last", () => {
  const names = new Map([["a", "Ada"], ["b", "Bob"]]);
  assertEquals(peopleIn(["me"], "me", names), "You");
  assertEquals(peopleIn(["a"], "me", names), "Ada");
  assertEquals(peopleIn(["me", "a"], "me", names), "Ada and you");
  assertEquals(peopleIn(["a", "x", "me", "b"], "me", names), "Ada, Someone, Bob and you");
});

Deno.test("peopleIn() counts those beyond twenty, and asks nobody who they are", () => {
  const asked: string[] = [];
  const names = { get: (id: string) => (asked.push(id), id) };
  const by = Array.from({ length: 23 }, (_, n) => `p${n}`);
  assertEquals(peopleIn([...by, "me"], "me", names).endsWith("p19, 3 others and you"), true);
  assertEquals(peopleIn(by.slice(0, 21), "me", names).endsWith("p19 and 1 other"), true);
  assertEquals(asked.length, 40);
});

Deno.test("every emoji that is offered is one that the server takes, and nearly all are offered", () => {
  const all = emojiList().flatMap(([, emoji]) => emoji.map(([one]) => one));
  assertEquals([...all, ...QUICK].filter((one) => !isEmoji(one)), []);
  assertEquals(all.length > 1_800, true, `${all.length}`);
  assertEquals(QUICK.filter((one) => !all.includes(one)), []);
});

Deno.test("isEmoji() takes one emoji and nothing besides", () => {
  for (const one of ["👍", "👍🏽", "❤️", "👨‍👩‍👧‍👦", "🇨🇿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "#️⃣"]) {
    assertEquals(isEmoji(one), true, one);
  }
  for (const other of ["", "a", "1", "👍👍", "👍 ", "❤", "👍a", "\u200d", "👍".repeat(30)]) {
    assertEquals(isEmoji(other), false, other);
  }
});
