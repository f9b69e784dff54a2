/** Groups in the store: changes at once, limits, and what is left of who went. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { ConflictError, InvalidError, NotFoundError } from "../../lib/chat/errors.ts";
import { MAX_MEMBERS } from "../../lib/chat/limits.ts";
import { Appender } from "../../lib/live/appender.ts";
import { allowedIn, type Draft } from "../../lib/store/drafts.ts";
import { listEvents } from "../../lib/store/events.ts";
import { changeGroup, createGroup, getGroupByLink } from "../../lib/store/groups.ts";
import { keys } from "../../lib/store/keys.ts";
import { getReadStates, moveRead } from "../../lib/store/reads.ts";
import { getRoom, type GroupRecord, listRoomIds } from "../../lib/store/rooms.ts";
import { getSummary, listSummaries } from "../../lib/store/summaries.ts";
import { allowsFiles, freshKv, kvFile } from "../helpers/fresh_kv.ts";
import { change, headOf, idsOf, makeGroup } from "../helpers/groups.ts";
import { createPerson } from "../helpers/people.ts";
import { stubKv } from "../helpers/stub_kv.ts";

async function people(kv: Deno.Kv) {
  const [ada, ben, cat, eve] = await Promise.all(
    ["ada", "ben", "cat", "eve"].map((name) => createPerson(kv, name)),
  );
  return { ada, ben, cat, eve };
}

async function recordOf(kv: Deno.Kv, { id }: { id: string }): Promise<GroupRecord> {
  return await getRoom(kv, id) as GroupRecord;
}

function post(room: GroupRecord, by: { id: string }, id: string): Draft {
  return allowedIn({ type: "posted", room: room.id, by: by.id, id, text: id }, room);
}

/** The log is gapless, and the record has the members whom the log leads to. */
async function assertSound(kv: Deno.Kv, room: { id: string }): Promise<void> {
  const record = await recordOf(kv, room);
  const { events, head } = await listEvents(kv, room.id, { after: 0, limit: 200 });
  assertEquals(events.map(({ seq }) => seq), events.map((_, i) => i + 1));
  assertEquals(head, events.length);
  const members = new Set<string>();
  for (const event of events) {
    if (event.type !== "members") continue;
    const isOut = event.what === "left" || event.what === "removed";
    for (const id of event.people) {
      assertEquals(members.has(id), isOut, `${event.what} ${id}`);
      if (isOut) members.delete(id);
      else members.add(id);
    }
  }
  assertEquals([...members].sort(), [...record.members].sort());
  for (const id of members) assert((await listRoomIds(kv, id)).includes(room.id));
  assertEquals((await headOf(kv, room)).members, members.size);
}

Deno.test("the same create at once makes one group, another id another one", async () => {
  using kv = await freshKv();
  const { ada, ben } = await people(kv);
  const group = { name: "Garden", people: [ben.id] };
  const made = await Promise.all(
    Array.from({ length: 5 }, () => createGroup(kv, ada.id, { id: "c1", ...group })),
  );
  assertEquals(new Set(made.map(({ record }) => record.id)).size, 1);
  assertEquals(made.filter(({ joined }) => joined.length > 0).length, 1, "one tells of it");
  const other = await createGroup(kv, ada.id, { id: "c2", ...group });
  const theirs = await createGroup(kv, ben.id, { id: "c1", ...group });
  assertEquals(new Set([made[0], other, theirs].map(({ record }) => record.id)).size, 3);
});

Deno.test({
  name: "many changes at once, by two instances, happen one after the other",
  ignore: !allowsFiles,
  async fn() {
    await using file = await kvFile(2);
    const [one, two] = file.kvs;
    const { ada, ben, cat, eve } = await people(one);
    const room = await makeGroup(one, [ada, ben, cat]);
    await change(one, room, ada, { type: "role", person: ben.id, role: "admin" });
    const outcomes = await Promise.allSettled([
      change(one, room, ada, { type: "add", people: [eve.id] }),
      change(two, room, ben, { type: "add", people: [eve.id] }),
      change(one, room, ada, { type: "remove", person: cat.id }),
      change(two, room, ben, { type: "remove", person: cat.id }),
      change(one, room, cat, { type: "leave" }),
      change(two, room, ada, { type: "configure", settings: { name: "Shed" } }),
      change(one, room, ben, { type: "configure", settings: { public: true } }),
      change(two, room, ada, { type: "remove", person: ben.id }),
    ]);
    for (const outcome of outcomes) {
      if (outcome.status === "fulfilled") continue;
      const { reason } = outcome;
      assert(reason instanceof NotFoundError || reason instanceof InvalidError, String(reason));
    }
    await assertSound(one, room);
    const { members } = await recordOf(two, room);
    assert(members.includes(ada.id) && !members.includes(cat.id) && !members.includes(ben.id));
  },
});

Deno.test("two owners at once there are never", async () => {
  using kv = await freshKv();
  const { ada, ben, cat } = await people(kv);
  const room = await makeGroup(kv, [ada, ben, cat]);
  await Promise.allSettled([
    change(kv, room, ada, { type: "role", person: ben.id, role: "owner" }),
    change(kv, room, ada, { type: "role", person: cat.id, role: "owner" }),
    change(kv, room, ada, { type: "leave" }),
  ]);
  const { owner, admins, members } = await recordOf(kv, room);
  assert(members.includes(owner) && !admins.includes(owner));
  await assertSound(kv, room);
});

Deno.test("who joins twice at once is a member once", async () => {
  using kv = await freshKv();
  const { ada, eve } = await people(kv);
  const room = await makeGroup(kv, [ada], { public: true });
  await Promise.all([1, 2, 3].map(() => change(kv, room, eve, { type: "join" })));
  assertEquals((await recordOf(kv, room)).members, idsOf(ada, eve));
  await assertSound(kv, room);
});

Deno.test("of a link that is revoked while somebody joins, either comes first", async () => {
  using kv = await freshKv();
  const { ada, eve } = await people(kv);
  const room = await makeGroup(kv, [ada]);
  await change(kv, room, ada, { type: "link", link: "token" });
  assertEquals((await getGroupByLink(kv, "token")).id, room.id);
  const [revoked, joined] = await Promise.allSettled([
    change(kv, room, ada, { type: "link", link: null }),
    change(kv, room, eve, { type: "join", link: "token" }),
  ]);
  assertEquals(revoked.status, "fulfilled");
  const isIn = (await recordOf(kv, room)).members.includes(eve.id);
  assertEquals(isIn, joined.status === "fulfilled");
  await assertRejects(() => getGroupByLink(kv, "token"), NotFoundError);
  assertEquals((await kv.get(keys.link("token"))).value, null);
});

Deno.test("the last one leaves, and the group is listed and entered no more", async () => {
  using kv = await freshKv();
  const { ada, ben, eve } = await people(kv);
  const room = await makeGroup(kv, [ada, ben], { public: true });
  await change(kv, room, ada, { type: "link", link: "token" });
  await Promise.all([ada, ben].map((who) => change(kv, room, who, { type: "leave" })));
  assertEquals((await recordOf(kv, room)).members, []);
  assertEquals(await Array.fromAsync(kv.list({ prefix: keys.publicRooms() })), []);
  for (const link of [undefined, "token"]) {
    await assertRejects(() => change(kv, room, eve, { type: "join", link }), NotFoundError);
  }
  for (const who of [ada, ben]) assertEquals(await listRoomIds(kv, who.id), []);
});

Deno.test("a post that waits is refused where it would be stored, when its author was removed", async () => {
  using kv = await freshKv();
  const { ada, ben, cat } = await people(kv);
  const room = await makeGroup(kv, [ada, ben, cat]);
  const appender = new Appender(kv, { onCommit: () => {} });
  await appender.append(post(room, cat, "before")); // the appender knows the head now
  const drafts = ["m1", "m2"].flatMap((id) => [post(room, cat, id), post(room, ben, id)]);
  await change(kv, room, ada, { type: "remove", person: cat.id });
  const outcomes = await Promise.allSettled(drafts.map((draft) => appender.append(draft)));
  assertEquals(outcomes.map(({ status }) => status), [
    "rejected",
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  const [{ reason }] = outcomes as PromiseRejectedResult[];
  assert(reason instanceof NotFoundError);
  await change(kv, room, ada, { type: "add", people: [cat.id] });
  await appender.append(post(await recordOf(kv, room), cat, "again"));
  await assertSound(kv, room);
});

Deno.test("of a removal and posts at once, no post of theirs comes after it", async () => {
  using kv = await freshKv();
  const { ada, ben, cat } = await people(kv);
  const room = await makeGroup(kv, [ada, ben, cat]);
  const appender = new Appender(kv, { onCommit: () => {} });
  const posts = Array.from({ length: 60 }, (_, n) => {
    const sent = appender.append(post(room, n % 2 ? ben : cat, `m${n}`));
    return sent.catch((error) => assert(error instanceof NotFoundError));
  });
  await Promise.all([...posts, change(kv, room, ada, { type: "remove", person: cat.id })]);
  const { events } = await listEvents(kv, room.id, { after: 0, limit: 200 });
  const removal = events.findIndex((event) => event.type === "members" && event.what === "removed");
  assert(removal > 0);
  assertEquals(
    events.slice(removal).filter(({ by, type }) => type === "posted" && by === cat.id),
    [],
  );
  assertEquals(events.filter(({ by }) => by === ben.id).length, 30, "the others' are all stored");
});

Deno.test("a post to a group costs no more reads than one to two people", async () => {
  using kv = await freshKv();
  const { ada, ben } = await people(kv);
  const room = await makeGroup(kv, [ada, ben]);
  let reads = 0;
  const counted = stubKv(kv, { read: () => void reads++ });
  const appender = new Appender(counted, { onCommit: () => {} });
  await appender.append(post(room, ada, "m1"));
  reads = 0;
  await appender.append(post(room, ada, "m2"));
  assertEquals(reads, 0);
  await change(kv, room, ben, { type: "leave" });
  const later = await recordOf(kv, room);
  await appender.append(post(later, ada, "m3")); // learns the head anew
  reads = 0;
  await appender.append(post(later, ada, "m4"));
  assertEquals(reads, 0, "the draft knows of the leaving");
});

Deno.test("unread is right for who leaves and comes back, whatever they wrote before", async () => {
  using kv = await freshKv();
  const { ada, ben } = await people(kv);
  const room = await makeGroup(kv, [ada, ben]);
  const appender = new Appender(kv, { onCommit: () => {} });
  const unread = async (who: { id: string }) => (await getSummary(kv, who.id, room)).unread;
  const say = async (who: { id: string }, id: string) =>
    (await appender.append(post(await recordOf(kv, room), who, id))).seq;
  for (const id of ["b1", "b2", "b3"]) await say(ben, id);
  await say(ada, "a1");
  assertEquals([await unread(ada), await unread(ben)], [3, 1]);
  await change(kv, room, ben, { type: "leave" });
  assertEquals(await unread(ada), 3, "what they wrote is unread all the same");
  await say(ada, "a2");
  await change(kv, room, ada, { type: "add", people: [ben.id] });
  assertEquals(await unread(ben), 0);
  await say(ben, "b4");
  const at = await say(ada, "a3");
  await say(ada, "a4");
  assertEquals([await unread(ben), await unread(ada)], [2, 4]);
  assertEquals((await moveRead(kv, ben.id, room.id, at)).unread, 1);
  assertEquals((await moveRead(kv, ada.id, room.id, 999)).unread, 0);
  const [state] = await getReadStates(kv, ben.id, [{ id: room.id, head: await headOf(kv, room) }]);
  assertEquals(state.unread, 1);
});

Deno.test("a new group and a new member's room are on top of the list", async () => {
  using kv = await freshKv();
  const { ada, ben } = await people(kv);
  const old = await makeGroup(kv, [ada, ben], { name: "Old" });
  await new Appender(kv, { onCommit: () => {} }).append(post(old, ben, "hi"));
  await new Promise((resolve) => setTimeout(resolve, 2));
  await makeGroup(kv, [ben, ada], { name: "New" });
  const { rooms } = await listSummaries(kv, ada.id);
  assertEquals(rooms.map(({ group }) => group?.name), ["New", "Old"]);
});

Deno.test("a group of the most members works, and everybody in it may write", async () => {
  using kv = await freshKv();
  const { ada } = await people(kv);
  const members = await Promise.all(
    Array.from({ length: MAX_MEMBERS - 1 }, (_, n) => createPerson(kv, `member${n}`)),
  );
  const room = await makeGroup(kv, [ada], { history: "joined" });
  for (let from = 0; from < members.length; from += 200) {
    await change(kv, room, ada, { type: "add", people: idsOf(...members.slice(from, from + 200)) });
  }
  const full = await recordOf(kv, room);
  assertEquals(full.members.length, MAX_MEMBERS);
  const eve = await createPerson(kv, "late");
  await assertRejects(
    () => change(kv, room, ada, { type: "add", people: [eve.id] }),
    InvalidError,
    "1,000",
  );
  const appender = new Appender(kv, { onCommit: () => {} });
  await Promise.all([ada, ...members].map((who) => appender.append(post(full, who, "hi"))));
  const head = await headOf(kv, room);
  assertEquals([head.posts, Object.keys(head.own).length], [MAX_MEMBERS, MAX_MEMBERS]);
  const { unread, group, members: named } = await getSummary(kv, members[7].id, room);
  assertEquals([unread, group?.memberCount, named.length], [MAX_MEMBERS - 1, MAX_MEMBERS, 6]);
  for (const who of members.slice(0, 3)) await change(kv, room, who, { type: "leave" });
  assertEquals(Object.keys((await headOf(kv, room)).own).length, MAX_MEMBERS - 3);
});

Deno.test("one commit for many groups of many authors is not too big", async () => {
  using kv = await freshKv();
  const { ada } = await people(kv);
  const own = Object.fromEntries(Array.from({ length: 999 }, (_, n) => [`author-${n}-xxxxxx`, 1]));
  const rooms = await Promise.all(Array.from({ length: 60 }, () => makeGroup(kv, [ada])));
  for (const room of rooms) {
    const head = await headOf(kv, room);
    await kv.set(keys.head(["room", room.id]), { ...head, own, members: 1_000 });
  }
  const errors: unknown[] = [];
  const log = console.error;
  console.error = (...args) => errors.push(args);
  try {
    const appender = new Appender(kv, { onCommit: () => {} });
    for (const id of ["m1", "m2"]) {
      await Promise.all(rooms.map((room) => appender.append(post(room, ada, id))));
    }
  } finally {
    console.error = log;
  }
  assertEquals(errors, []);
});

Deno.test("a change that is never let through says so", async () => {
  using kv = await freshKv();
  const { ada } = await people(kv);
  const room = await makeGroup(kv, [ada]);
  const busy = stubKv(kv, { commit: () => Promise.resolve({ ok: false }) });
  await assertRejects(
    () => changeGroup(busy, room.id, ada.id, { type: "configure", settings: { name: "x" } }),
    ConflictError,
  );
});

/** A handle whose first commit comes after something else was done. */
function overtaken(kv: Deno.Kv, by: () => Promise<unknown>): Deno.Kv {
  let isFirst = true;
  return stubKv(kv, {
    commit: async (_, run) => {
      if (isFirst) {
        isFirst = false;
        await by();
      }
      return await run();
    },
  });
}

Deno.test("a change that a message overtakes is planned anew behind it", async () => {
  using kv = await freshKv();
  const { ada, ben } = await people(kv);
  const room = await makeGroup(kv, [ada, ben]);
  const appender = new Appender(kv, { onCommit: () => {} });
  const slow = overtaken(kv, () => appender.append(post(room, ben, "m1")));
  await change(slow, room, ada, { type: "remove", person: ben.id });
  const { events } = await listEvents(kv, room.id, { after: 0 });
  assertEquals(events.map(({ type }) => type), ["members", "posted", "members"]);
  await assertSound(kv, room);
});

Deno.test("a change that a new link overtakes does not bring the old one back", async () => {
  using kv = await freshKv();
  const { ada } = await people(kv);
  const room = await makeGroup(kv, [ada]);
  await change(kv, room, ada, { type: "link", link: "old" });
  const slow = overtaken(kv, () => change(kv, room, ada, { type: "link", link: null }));
  await change(slow, room, ada, { type: "configure", settings: { name: "Shed" } });
  const { name, link } = await recordOf(kv, room);
  assertEquals([name, link], ["Shed", undefined]);
});
