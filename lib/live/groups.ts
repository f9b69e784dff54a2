/**
 * What people do with groups, by socket, API and form alike: the rate, the change, and then the
 * news of it: to this instance's log of the room, and to those who became members, in their own.
 * Whether a change is allowed is decided where it is committed, see `group_plan.ts`.
 */

import { InvalidError, NotFoundError } from "../chat/errors.ts";
import { canManage } from "../chat/permissions.ts";
import type { RoomCard } from "../chat/rooms.ts";
import { CREATES, INVITES, JOINS, MANAGES, takeFromBucket } from "../store/buckets.ts";
import type { GroupChange } from "../store/group_plan.ts";
import {
  changeGroup,
  createGroup,
  getGroupByLink,
  type GroupCommit,
  type NewGroup,
} from "../store/groups.ts";
import { newLinkToken } from "../store/ids.ts";
import { addNote } from "../store/notes.ts";
import { getRoomFor, type GroupRecord } from "../store/rooms.ts";

/** Notes that are written at once. */
const NOTES_AT_ONCE = 20;

/** Changes that their maker names, but for the link's token. */
export type Managing = Exclude<GroupChange, { type: "join" | "link" }>;

export class Groups {
  #kv: Deno.Kv;
  #committed: (commit: GroupCommit) => void;

  /** `committed` is told of each change right after its commit. */
  constructor(kv: Deno.Kv, committed: (commit: GroupCommit) => void) {
    this.#kv = kv;
    this.#committed = committed;
  }

  /** Creates a group of the person's. Its id, the same for the same id of theirs. */
  async create(by: string, group: NewGroup): Promise<string> {
    await takeFromBucket(this.#kv, CREATES, by);
    const people = group.people.filter((id) => id !== by);
    return await this.#tell(await createGroup(this.#kv, by, { ...group, people }));
  }

  /** Does what a member may, or throws why they may not. */
  async manage(by: string, room: string, change: Managing): Promise<void> {
    await takeFromBucket(this.#kv, change.type === "add" ? INVITES : MANAGES, by);
    await this.#tell(await changeGroup(this.#kv, room, by, change));
  }

  /** Joins a public group, or the one with a link. Its id. */
  async join(by: string, { room, link }: { room?: string; link?: string }): Promise<string> {
    await takeFromBucket(this.#kv, JOINS, by);
    const id = room ?? (await getGroupByLink(this.#kv, link ?? "")).id;
    const change: GroupChange = { type: "join", ...room === undefined && { link } };
    return await this.#tell(await changeGroup(this.#kv, id, by, change));
  }

  /** The token of a group's link for one who may hand it out; `set` makes another first, or none. */
  async link(by: string, room: string, set?: "new" | "none"): Promise<string | null> {
    if (set === undefined) return (await this.#managed(room, by)).link ?? null;
    await takeFromBucket(this.#kv, MANAGES, by);
    const link = set === "new" ? newLinkToken() : null;
    await changeGroup(this.#kv, room, by, { type: "link", link });
    return link;
  }

  /** The group that a link leads to, as somebody sees it who may be no member. */
  async preview(viewer: string, link: string): Promise<RoomCard> {
    await takeFromBucket(this.#kv, JOINS, viewer);
    const { id, name, picture, image, members } = await getGroupByLink(this.#kv, link);
    return {
      id,
      name,
      ...picture && { picture },
      ...image && { image },
      memberCount: members.length,
      member: members.includes(viewer),
    };
  }

  async #managed(room: string, by: string): Promise<GroupRecord> {
    const record = await getRoomFor(this.#kv, room, by);
    if (record.kind !== "group") throw new NotFoundError("There is no such room.");
    if (!canManage(record, by)) throw new InvalidError("Only admins see and change the link.");
    return record;
  }

  /** The commit told the first new members; others who do not hear of it see it when they come back. */
  async #tell(commit: GroupCommit): Promise<string> {
    const { record: { id: room }, untold } = commit;
    this.#committed(commit);
    for (let i = 0; i < untold.length; i += NOTES_AT_ONCE) {
      const some = untold.slice(i, i + NOTES_AT_ONCE);
      await Promise.all(some.map((person) => this.#note(person, room)));
    }
    return room;
  }

  async #note(person: string, room: string): Promise<void> {
    await addNote(this.#kv, person, { type: "room", room })
      .catch((error) => console.error("A new member was not told of a group.", error));
  }
}
