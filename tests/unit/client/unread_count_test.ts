import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { windowOf } from "../../../lib/client/event_window.ts";
import { UnreadCount } from "../../../lib/client/unread_count.ts";
import { event, events } from "../../helpers/chat_harness.ts";

function count(read: number, unread: number, head: number): UnreadCount {
  return new UnreadCount("me", { read, unread, head });
}

function see(unread: UnreadCount, from: number, to = from): void {
  for (const each of events(from, to)) unread.see(each);
}

Deno.test("UnreadCount counts others' messages after the head of the last summary, once", () => {
  const unread = count(3, 2, 5);
  see(unread, 1, 7);
  see(unread, 6, 7);
  unread.see(event(8, { by: "me" }));
  assertEquals(unread.value, 4);
});

Deno.test("UnreadCount does not count again what a read fact counted ahead of its events", () => {
  const unread = count(5, 0, 5);
  see(unread, 6, 7);
  unread.confirm({ seq: 7, unread: 3, head: 10 });
  assertEquals(unread.value, 3);
  see(unread, 8, 10);
  assertEquals(unread.value, 3);
  see(unread, 11);
  assertEquals(unread.value, 4);
});

Deno.test("UnreadCount keeps what overtook a read fact", () => {
  const unread = count(5, 0, 5);
  see(unread, 6, 9);
  unread.confirm({ seq: 7, unread: 0, head: 7 });
  assertEquals(unread.value, 2);
});

Deno.test("UnreadCount ignores a pointer behind its own", () => {
  const unread = count(0, 5, 5);
  unread.readTo(5);
  unread.confirm({ seq: 3, unread: 2, head: 5 });
  assertEquals([unread.read, unread.value], [5, 0]);
});

Deno.test("UnreadCount says when a fact that a summary overtook leaves its bulk in doubt", () => {
  assertEquals(count(0, 12, 35).confirm({ seq: 3, unread: 0, head: 23 }), false);
  assertEquals(count(3, 12, 35).confirm({ seq: 3, unread: 0, head: 23 }), true);
  assertEquals(count(0, 12, 35).confirm({ seq: 3, unread: 11, head: 35 }), true);
  assertEquals(count(0, 12, 5).confirm({ seq: 5, unread: 0, head: 5 }), true);
});

Deno.test("UnreadCount takes only the pointer of a fact that a summary overtook", () => {
  const unread = count(2, 8, 10);
  unread.confirm({ seq: 3, unread: 2, head: 5 });
  assertEquals([unread.read, unread.value], [3, 8], "the next count of the server will say");
});

Deno.test("UnreadCount keeps what it saw after an older summary", () => {
  const unread = count(5, 0, 5);
  see(unread, 6, 8);
  unread.reset({ read: 5, unread: 1, head: 6 });
  assertEquals(unread.value, 3);
});

Deno.test("UnreadCount counts what is loaded itself, so that a pointer in its middle is exact", () => {
  const window = windowOf({ events: events(2, 5), head: 5, older: true, newer: false });
  const unread = count(1, 4, 5);
  unread.hold(window);
  see(unread, 6);
  unread.confirm({ seq: 3, unread: 2, head: 5 });
  assertEquals(unread.value, 3);
});

Deno.test("UnreadCount leaves the bulk alone while not all after the pointer is loaded", () => {
  const unread = count(1, 4, 5);
  unread.hold(windowOf({ events: events(3, 5), head: 5, older: true, newer: false }));
  unread.hold(windowOf({ events: events(2, 4), head: 5, older: true, newer: true }));
  assertEquals(unread.value, 4);
  unread.readTo(4);
  assertEquals(unread.value, 4, "the server will say");
});

Deno.test("UnreadCount stays exact beyond what it remembers one by one", () => {
  const unread = count(0, 0, 0);
  see(unread, 1, 5_000);
  assertEquals(unread.value, 5_000);
  unread.readTo(5_000);
  assertEquals(unread.value, 0);
});

Deno.test("UnreadCount is right whenever everything has arrived, in whatever order", () => {
  const byMe = fc.array(fc.boolean(), { maxLength: 30 });
  fc.assert(
    fc.property(byMe, fc.array(fc.nat(99), { maxLength: 60 }), (authors, choices) => {
      const unread = count(0, 0, 0);
      const log = authors.map((mine, n) => event(n + 1, mine ? { by: "me" } : {}));
      const truth = (read: number, head: number) =>
        log.filter(({ seq, by }) => seq > read && seq <= head && by !== "me").length;
      const reads: { seq: number; unread: number; head: number }[] = [];
      let [head, seen, read] = [0, 0, 0];
      const step = (choice: number) => {
        if (choice % 4 === 0 && head < log.length) head++;
        else if (choice % 4 === 1 && seen < head) unread.see(log[seen++]);
        else if (choice % 4 === 2 && seen > read) {
          read = seen;
          if (choice % 8 < 4) unread.readTo(read);
          reads.push({ seq: read, unread: truth(read, head), head });
        } else if (choice % 4 === 3) deliver();
      };
      const deliver = () => {
        const fact = reads.shift();
        if (fact) unread.confirm(fact);
      };
      choices.forEach(step);
      while (seen < head) unread.see(log[seen++]);
      while (reads.length > 0) deliver();
      assertEquals(unread.value, truth(read, head));
    }),
    { numRuns: 2_000 },
  );
});
