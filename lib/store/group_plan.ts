/**
 * What a change of a group does to its record and its log, worked out before anything is written.
 * Pure. Whether it is allowed is decided here, on the record that the commit checks: of two admins
 * at once the second acts on what the first left.
 */

import { InvalidError, NotFoundError } from "../chat/errors.ts";
import { MAX_ADMINS, MAX_MEMBERS } from "../chat/limits.ts";
import { faceAfter } from "../chat/groups.ts";
import { canAppoint, canManage, canRead, canRemove, roleIn } from "../chat/permissions.ts";
import type {
  ConfiguredEvent,
  GroupEvent,
  HistoryRule,
  MembersEvent,
  Role,
  RoleEvent,
} from "../chat/events.ts";
import { type Landmark, planId } from "./dedupe.ts";
import type { RoomHead } from "./events.ts";
import type { GroupImage } from "./group_images.ts";
import type { GroupRecord } from "./rooms.ts";

/** Removed people who are remembered, so that they do not come back by themselves. */
export const MAX_REMOVED = 200;

/** What may be set. Of picture and image one; `null` leaves neither. */
export interface GroupSettings {
  name?: string;
  picture?: string | null;
  image?: GroupImage;
  public?: boolean;
  history?: HistoryRule;
}

/** What somebody wants changed. */
export type GroupChange =
  | { type: "add"; people: readonly string[] }
  /** By themselves; `link` is the token that they came with. */
  | { type: "join"; link?: string }
  | { type: "leave" }
  | { type: "remove"; person: string }
  | { type: "role"; person: string; role: Role }
  | { type: "configure"; settings: GroupSettings }
  | { type: "link"; link: string | null };

/** Who wants it, and when. */
export interface GroupAct {
  by: string;
  change: GroupChange;
  now: number;
  /** A new id for an event. */
  newId(): string;
}

/** What to write. */
export interface GroupPlan {
  record: GroupRecord;
  head: RoomHead;
  /** New events, in order; none when it is so already. */
  events: GroupEvent[];
  /** Places that the ids of messages are looked for from. */
  landmarks: Landmark[];
  /** Who became a member, and who ceased to be. */
  joined: string[];
  left: string[];
  /** The image that `record` names now and did not before. */
  image?: GroupImage;
}

/** A change of the group. Throws {@link InvalidError} or {@link NotFoundError} if it cannot be. */
export function planGroup(
  { record, head }: { record: GroupRecord; head: RoomHead },
  act: GroupAct,
): GroupPlan {
  const plan: GroupPlan = { record, head, events: [], landmarks: [], joined: [], left: [] };
  const { change } = act;
  if (change.type !== "join" && !canRead(record, act.by)) {
    throw new NotFoundError("There is no such room.");
  }
  switch (change.type) {
    case "add":
      return add(plan, act, change.people);
    case "join":
      return join(plan, act, change.link);
    case "leave":
      return leave(plan, act);
    case "remove":
      return remove(plan, act, change.person);
    case "role":
      return appoint(plan, act, change);
    case "configure":
      return configure(plan, act, change.settings);
    case "link":
      return setLink(plan, act, change.link);
  }
}

/**
 * The first event of a new group. `record` has no members yet, and is of nobody else's; `image` is
 * the one that it names.
 */
export function planCreation(
  { record, head, image }: { record: GroupRecord; head: RoomHead; image?: GroupImage },
  act: Pick<GroupAct, "by" | "now" | "newId">,
  people: readonly string[],
): GroupPlan {
  const plan: GroupPlan = { record, head, events: [], landmarks: [], joined: [], left: [], image };
  const all = [...new Set([act.by, ...people])];
  if (all.length > MAX_MEMBERS) throw new InvalidError(FULL);
  return enter(plan, act, { what: "created", people: all });
}

const FULL = `A group has at most ${MAX_MEMBERS.toLocaleString("en")} members.`;
const NO_MEMBER = "This person is not in the group.";

function add(plan: GroupPlan, act: GroupAct, people: readonly string[]): GroupPlan {
  if (!canManage(plan.record, act.by)) throw new InvalidError("Only admins add people.");
  const members = new Set(plan.record.members);
  const fresh = [...new Set(people)].filter((id) => !members.has(id));
  return enter(plan, act, { what: "added", people: fresh });
}

/** Absent, private and revoked are the same to somebody outside. */
function join(plan: GroupPlan, act: GroupAct, link: string | undefined): GroupPlan {
  const { record } = plan;
  if (canRead(record, act.by)) return plan;
  const mayEnter = link === undefined ? record.public : link === record.link;
  if (!mayEnter) throw new NotFoundError("There is no such room.");
  if (record.removed.includes(act.by)) {
    throw new InvalidError("You were removed from this group; an admin can add you again.");
  }
  return enter(plan, act, { what: "joined", people: [act.by] });
}

type What = Pick<MembersEvent, "what" | "people">;

function enter(
  plan: GroupPlan,
  act: Pick<GroupAct, "by" | "now" | "newId">,
  { what, people }: What,
): GroupPlan {
  if (people.length === 0) return plan;
  const { record } = plan;
  if (record.members.length + people.length > MAX_MEMBERS) throw new InvalidError(FULL);
  const { seq } = emit<MembersEvent>(plan, act, { type: "members", what, people: [...people] });
  const hidden = record.history === "joined" && what !== "created";
  const since = hidden ? people.map((id) => [id, seq]) : [];
  plan.joined.push(...people);
  change(plan, {
    members: [...record.members, ...people],
    since: { ...record.since, ...Object.fromEntries(since) },
    removed: record.removed.filter((id) => !people.includes(id)),
  });
  return plan;
}

/** An owner who goes leaves the group to the oldest admin, else to the oldest member. */
function leave(plan: GroupPlan, act: GroupAct): GroupPlan {
  const wasOwner = plan.record.owner === act.by;
  depart(plan, act, { what: "left", people: [act.by] });
  const { admins, members } = plan.record;
  if (members.length === 0) return close(plan);
  if (!wasOwner) return plan;
  const heir = admins.find((id) => members.includes(id)) ?? members[0];
  emit<RoleEvent>(plan, act, { type: "role", person: heir, role: "owner" });
  change(plan, { owner: heir, admins: admins.filter((id) => id !== heir) });
  return plan;
}

function remove(plan: GroupPlan, act: GroupAct, person: string): GroupPlan {
  const { record } = plan;
  if (person === act.by) throw new InvalidError("You cannot remove yourself; leave the group.");
  if (!canManage(record, act.by)) throw new InvalidError("Only admins remove people.");
  if (!canRead(record, person)) return plan;
  if (!canRemove(record, { by: act.by, person })) {
    throw new InvalidError("Only the owner removes admins, and nobody the owner.");
  }
  depart(plan, act, { what: "removed", people: [person] });
  change(plan, { removed: [...record.removed, person].slice(-MAX_REMOVED) });
  return plan;
}

/** The head forgets how many posts were theirs: who comes back begins with nothing unread. */
function depart(plan: GroupPlan, act: GroupAct, { what, people }: What): void {
  const { record } = plan;
  const { seq } = emit<MembersEvent>(plan, act, { type: "members", what, people });
  const stays = (id: string) => !people.includes(id);
  change(plan, {
    members: record.members.filter(stays),
    admins: record.admins.filter(stays),
    since: pick(record.since, stays),
  });
  plan.left.push(...people);
  plan.head = { ...plan.head, own: pick(plan.head.own, stays), left: seq };
}

/** Nobody is left, and nobody comes any more or sees anything of it. */
function close(plan: GroupPlan): GroupPlan {
  const { link: _, image: __, ...record } = plan.record;
  plan.record = { ...record, owner: "", public: false };
  return plan;
}

function appoint(
  plan: GroupPlan,
  act: GroupAct,
  { person, role }: { person: string; role: Role },
): GroupPlan {
  const { record } = plan;
  if (!canAppoint(record, act.by)) throw new InvalidError("Only the owner gives roles.");
  if (!canRead(record, person)) throw new NotFoundError(NO_MEMBER);
  if (roleIn(record, person) === role) return plan;
  if (person === act.by) throw new InvalidError("Make somebody else the owner first.");
  const others = record.admins.filter((id) => id !== person);
  const admins = role === "member" ? others : [...others, role === "admin" ? person : act.by];
  if (admins.length > MAX_ADMINS) {
    throw new InvalidError(`A group has at most ${MAX_ADMINS} admins.`);
  }
  emit<RoleEvent>(plan, act, { type: "role", person, role });
  if (role === "owner") emit<RoleEvent>(plan, act, { type: "role", person: act.by, role: "admin" });
  change(plan, { admins, ...role === "owner" && { owner: person } });
  return plan;
}

function configure(plan: GroupPlan, act: GroupAct, settings: GroupSettings): GroupPlan {
  const { record } = plan;
  if (!canManage(record, act.by)) throw new InvalidError("Only admins change a group.");
  const changed = changedBy(record, settings);
  if (Object.keys(changed).length === 0) return plan;
  emit<ConfiguredEvent>(plan, act, { type: "configured", ...changed });
  const { picture: _, image: __, ...rest } = plan.record;
  const { picture, image, ...others } = changed;
  plan.record = { ...rest, ...others, ...faceAfter(record, { picture, image }) };
  if (image !== undefined) plan.image = settings.image;
  return plan;
}

/** What of the settings is not so already, as the event names it. */
function changedBy(
  record: GroupRecord,
  { name, picture, image, public: open, history }: GroupSettings,
): Omit<Named<ConfiguredEvent>, "type"> {
  const bare = picture !== undefined && !image;
  const isOther = picture !== (record.picture ?? null) || record.image !== undefined;
  return {
    ...name !== undefined && name !== record.name && { name },
    ...bare && isOther && { picture },
    ...image && image.id !== record.image && { image: image.id },
    ...open !== undefined && open !== record.public && { public: open },
    ...history !== undefined && history !== record.history && { history },
  };
}

/** No event: who may see the link asks for it. */
function setLink(plan: GroupPlan, act: GroupAct, link: string | null): GroupPlan {
  if (!canManage(plan.record, act.by)) {
    throw new InvalidError("Only admins see and change the link.");
  }
  const { link: _, ...record } = plan.record;
  plan.record = link === null ? record : { ...record, link };
  return plan;
}

type Named<E extends GroupEvent> = Omit<E, "seq" | "at" | "by" | "id" | "posts">;

/** Appends an event; record and head are as of it. */
function emit<E extends GroupEvent>(
  plan: GroupPlan,
  { by, now, newId }: Pick<GroupAct, "by" | "now" | "newId">,
  event: Named<E>,
): { seq: number } {
  const { head } = plan;
  const seq = head.seq + 1;
  const at = Math.max(now, head.at ?? 0); // clocks of instances differ
  const full = { ...event, seq, at, by, id: newId(), posts: head.posts } as unknown as E;
  plan.events.push(full);
  const ids = planId(head, "");
  if (ids.landmark) plan.landmarks.push(ids.landmark);
  plan.head = { ...head, ...ids.head, seq, at };
  plan.record = { ...plan.record, changed: seq };
  return { seq };
}

function change(plan: GroupPlan, fields: Partial<GroupRecord>): void {
  plan.record = { ...plan.record, ...fields };
  plan.head = { ...plan.head, members: plan.record.members.length };
}

function pick<T>(record: Record<string, T>, keeps: (id: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([id]) => keeps(id)));
}
