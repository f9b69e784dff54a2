import { assertEquals, assertThrows } from "@std/assert";
import { InvalidError, NotFoundError } from "../../lib/chat/errors.ts";
import { MAX_ADMINS, MAX_MEMBERS } from "../../lib/chat/limits.ts";
import { NO_HEAD, type RoomHead } from "../../lib/store/events.ts";
import {
  type GroupChange,
  MAX_REMOVED,
  planCreation,
  planGroup,
} from "../../lib/store/group_plan.ts";
import type { GroupRecord } from "../../lib/store/rooms.ts";

const head: RoomHead = { ...NO_HEAD, seq: 9, posts: 5, own: { ada: 2, ben: 3 }, at: 50 };

function group(fields: Partial<GroupRecord> = {}): GroupRecord {
  return {
    id: "g1",
    kind: "group",
    createdAt: 0,
    name: "Garden",
    members: ["ada", "ben", "cat", "dan"],
    owner: "ada",
    admins: ["ben"],
    public: false,
    history: "all",
    since: {},
    removed: [],
    changed: 1,
    ...fields,
  };
}

function act(by: string, change: GroupChange, fields: Partial<GroupRecord> = {}, now = 100) {
  let ids = 0;
  return planGroup({ record: group(fields), head }, { by, change, now, newId: () => `e${++ids}` });
}

/** What the events say, without what all have. */
function said(plan: ReturnType<typeof planGroup>) {
  return plan.events.map(({ seq, at: _, by: __, id: ___, posts: ____, ...rest }) => [seq, rest]);
}

Deno.test("a group begins with one event that names all its people, its creator first", () => {
  const record = group({ members: [], admins: [] });
  const plan = planCreation({ record, head: NO_HEAD }, { by: "ada", now: 7, newId: () => "e" }, [
    "ben",
    "ada",
    "ben",
  ]);
  assertEquals(said(plan), [[1, { type: "members", what: "created", people: ["ada", "ben"] }]]);
  assertEquals([plan.record.members, plan.joined], [["ada", "ben"], ["ada", "ben"]]);
  assertEquals(plan.head, { ...NO_HEAD, seq: 1, at: 7, members: 2 });
});

Deno.test("added are those who are not in it yet, each once, from the event on if so set", () => {
  const plan = act("ben", { type: "add", people: ["eve", "cat", "eve", "fay"] }, {
    history: "joined",
    removed: ["eve", "gus"],
  });
  assertEquals(said(plan), [[10, { type: "members", what: "added", people: ["eve", "fay"] }]]);
  assertEquals(plan.record.since, { eve: 10, fay: 10 });
  assertEquals(plan.record.removed, ["gus"]);
  assertEquals(act("ada", { type: "add", people: ["cat"] }).events, []);
});

Deno.test("only owner and admins add, remove, configure and make links", () => {
  const changes: GroupChange[] = [
    { type: "add", people: ["eve"] },
    { type: "remove", person: "dan" },
    { type: "configure", settings: { name: "Shed" } },
    { type: "link", link: "token" },
  ];
  for (const change of changes) {
    act("ada", change);
    act("ben", change);
    assertThrows(() => act("cat", change), InvalidError, "Only admins");
    assertThrows(() => act("eve", change), NotFoundError, "no such room");
  }
});

Deno.test("a group takes its most members and not one more", () => {
  const members = Array.from({ length: MAX_MEMBERS - 1 }, (_, n) => n ? `p${n}` : "ada");
  assertEquals(act("ada", { type: "add", people: ["eve"] }, { members }).joined, ["eve"]);
  assertThrows(
    () => act("ada", { type: "add", people: ["eve", "fay"] }, { members }),
    InvalidError,
    "at most 1,000 members",
  );
  const full = [...members, "last"];
  assertThrows(() => act("eve", { type: "join" }, { members: full, public: true }), InvalidError);
});

Deno.test("one joins a public group, or by its link; without these there is no such room", () => {
  assertEquals(act("eve", { type: "join" }, { public: true }).joined, ["eve"]);
  assertEquals(act("eve", { type: "join", link: "t" }, { link: "t" }).joined, ["eve"]);
  for (const change of [{}, { link: "t" }, { link: "" }, { link: undefined }]) {
    assertThrows(() => act("eve", { type: "join", ...change }), NotFoundError);
  }
  assertThrows(() => act("eve", { type: "join", link: "old" }, { link: "new" }), NotFoundError);
  assertThrows(
    () => act("eve", { type: "join", link: "old" }, { link: "new", public: true }),
    NotFoundError,
  );
  assertEquals(act("cat", { type: "join" }).events, [], "a member joins again");
});

Deno.test("who was removed does not come back by themselves, only by an admin", () => {
  const { record } = act("ada", { type: "remove", person: "cat" }, { public: true, link: "t" });
  assertThrows(() => act("cat", { type: "join" }, record), InvalidError, "removed");
  assertThrows(() => act("cat", { type: "join", link: "t" }, record), InvalidError, "removed");
  const back = act("ben", { type: "add", people: ["cat"] }, record);
  assertEquals(back.record.removed, []);
  const removed = Array.from({ length: MAX_REMOVED }, (_, n) => `p${n}`);
  const many = act("ada", { type: "remove", person: "cat" }, { removed }).record.removed;
  assertEquals([many.length, many.at(-1), many[0]], [MAX_REMOVED, "cat", "p1"]);
});

Deno.test("the head forgets the posts of who leaves, and knows when somebody did", () => {
  const plan = act("ben", { type: "leave" }, { since: { ben: 4, cat: 5 } });
  assertEquals(said(plan), [[10, { type: "members", what: "left", people: ["ben"] }]]);
  assertEquals(plan.head, { ...head, seq: 10, at: 100, own: { ada: 2 }, members: 3, left: 10 });
  assertEquals([plan.record.admins, plan.record.since], [[], { cat: 5 }]);
});

Deno.test("an owner who leaves hands over to the oldest admin, else to the oldest member", () => {
  const leave: GroupChange = { type: "leave" };
  const toAdmin = act("ada", leave, { admins: ["dan", "ben"] });
  assertEquals([toAdmin.record.owner, toAdmin.record.admins], ["dan", ["ben"]]);
  assertEquals(said(toAdmin), [
    [10, { type: "members", what: "left", people: ["ada"] }],
    [11, { type: "role", person: "dan", role: "owner" }],
  ]);
  assertEquals(toAdmin.record.changed, 11);
  assertEquals(act("ada", leave, { admins: [] }).record.owner, "ben");
});

Deno.test("when the last one leaves nobody comes any more", () => {
  const alone = { members: ["ada"], admins: [], public: true, link: "t" };
  const { record, events } = act("ada", { type: "leave" }, alone);
  assertEquals([record.members, record.public, record.link], [[], false, undefined]);
  assertEquals(events.length, 1);
  for (const link of [undefined, "t", ""]) {
    assertThrows(() => act("eve", { type: "join", link }, record), NotFoundError);
  }
});

Deno.test("admins are removed by the owner alone, the owner by nobody", () => {
  const remove = (by: string, person: string) =>
    act(by, { type: "remove", person }, { admins: ["ben", "dan"] });
  assertEquals(remove("ada", "ben").record.admins, ["dan"]);
  assertThrows(() => remove("ben", "dan"), InvalidError, "Only the owner");
  assertThrows(() => remove("ben", "ada"), InvalidError, "Only the owner");
  assertThrows(() => remove("ada", "ada"), InvalidError, "leave");
  assertEquals(remove("ada", "eve").events, [], "who is not in it is out of it");
});

Deno.test("the owner gives roles, and is an admin after handing over", () => {
  const role = (by: string, person: string, role: "owner" | "admin" | "member") =>
    act(by, { type: "role", person, role });
  assertEquals(role("ada", "cat", "admin").record.admins, ["ben", "cat"]);
  assertEquals(role("ada", "ben", "member").record.admins, []);
  const over = role("ada", "ben", "owner");
  assertEquals([over.record.owner, over.record.admins], ["ben", ["ada"]]);
  assertEquals(said(over).map(([, event]) => event), [
    { type: "role", person: "ben", role: "owner" },
    { type: "role", person: "ada", role: "admin" },
  ]);
  assertEquals(role("ada", "ben", "admin").events, [], "they are it already");
  assertThrows(() => role("ben", "cat", "admin"), InvalidError, "Only the owner");
  assertThrows(() => role("cat", "cat", "owner"), InvalidError, "Only the owner");
  assertThrows(() => role("ada", "ada", "member"), InvalidError, "somebody else");
  assertThrows(() => role("ada", "eve", "admin"), NotFoundError);
});

Deno.test("a group has its most admins and not one more", () => {
  const people = Array.from({ length: MAX_ADMINS }, (_, n) => `p${n}`);
  const fields = { members: ["ada", "cat", ...people], admins: people };
  const full = (person: string, role: "owner" | "admin") =>
    act("ada", { type: "role", person, role }, fields);
  assertThrows(() => full("cat", "admin"), InvalidError, "at most 50 admins");
  assertThrows(() => full("cat", "owner"), InvalidError, "at most 50 admins");
  assertEquals(full("p3", "owner").record.admins.length, MAX_ADMINS);
});

Deno.test("only what changes is set and told", () => {
  const fields = { picture: "🌱", public: true };
  const same = { name: "Garden", picture: "🌱", public: true, history: "all" as const };
  const configure = (settings: object) => act("ada", { type: "configure", settings }, fields);
  assertEquals(configure(same).events, []);
  assertEquals(configure({}).events, []);
  const plan = configure({ ...same, name: "Shed", picture: null, history: "joined" });
  assertEquals(said(plan), [
    [10, { type: "configured", name: "Shed", picture: null, history: "joined" }],
  ]);
  const { name, picture, history, changed } = plan.record;
  assertEquals([name, picture, history, changed], ["Shed", undefined, "joined", 10]);
  assertEquals(act("ada", { type: "configure", settings: { picture: null } }).events, []);
});

Deno.test("events of a group are never earlier than those before them", () => {
  const [event] = act("ada", { type: "remove", person: "cat" }, {}, 40).events;
  assertEquals([event.at, event.posts, event.by], [50, 5, "ada"]);
});
