/** The members of a group, page by page, with their roles, presence, and what may be done with each. */

import type { Role } from "../lib/chat/events.ts";
import type { MembersPage } from "../lib/chat/pages.ts";
import type { MemberLine } from "../lib/chat/rooms.ts";
import { Avatar } from "./Avatar.tsx";
import { Confirm } from "./Confirm.tsx";
import { lastSeen, type Place } from "./dates.ts";
import { FindForm } from "./FindForm.tsx";
import { MoreIcon, PlusIcon } from "./Icons.tsx";
import { displayName } from "./names.ts";
import { Card } from "./PageFrame.tsx";

interface MemberListProps {
  room: string;
  me: string;
  group: { role: Role; memberCount: number };
  members: MembersPage;
  q: string;
  now: number;
  place: Place;
}

/** From how many members on there is a filter. */
const FILTER_FROM = 10;

export function MemberList(props: MemberListProps) {
  const { room, group, members: { members, next }, q } = props;
  const more = new URLSearchParams({ ...q && { q }, ...next && { after: next } });
  return (
    <Card id="group-members" title="Members">
      {group.role !== "member" && (
        <a href={`/chat/${room}/add`} class="row -mx-3 text-accent font-semibold">
          <span class="grid place-items-center size-11 rounded-full bg-accent-soft">
            <PlusIcon />
          </span>
          Add people
        </a>
      )}
      {(group.memberCount >= FILTER_FROM || q !== "") && (
        <div class="py-2">
          <FindForm id="member-filter" label="Find a member" q={q} />
        </div>
      )}
      <ul role="list" class="-mx-3">
        {members.map((member) => <MemberRow key={member.id} member={member} {...props} />)}
      </ul>
      {members.length === 0 && (
        <p class="py-3 text-muted">
          {q === "" ? "That is all." : (
            <>
              No member is called “<bdi>{q}</bdi>”.
            </>
          )}
        </p>
      )}
      {next !== null && (
        <a href={`?${more}`} class="button w-full text-sm text-accent">More members</a>
      )}
    </Card>
  );
}

type RowProps = MemberListProps & { member: MemberLine };

function MemberRow({ member, ...props }: RowProps) {
  const { me, now, place, group } = props;
  const { id, username, online, seenAt, role } = member;
  const actions = id === me ? [] : actionsFor(group.role, role);
  return (
    <li class="flex items-center gap-3 px-3 py-1 min-h-[4rem]">
      <Avatar person={member} online={online} />
      <span class="flex-1 min-w-0">
        <span class="flex items-baseline gap-2">
          <span class="min-w-0 truncate text-left text-base font-semibold" dir="auto">
            {displayName(member)}
          </span>
          {id === me && <span class="flex-none text-sm text-muted">you</span>}
        </span>
        <span class="line-clamp-2 text-sm text-muted leading-5">
          <bdi>@{username}</bdi>
          {id !== me && <>{" · "}{online ? "online" : lastSeen(seenAt, now, place)}</>}
        </span>
      </span>
      {role !== "member" && <RoleBadge role={role} />}
      {actions.length > 0 && <MemberMenu member={member} actions={actions} />}
    </li>
  );
}

function RoleBadge({ role }: { role: Role }) {
  return (
    <span class="flex-none rounded-full bg-accent-soft text-accent px-2 text-xs leading-5 font-semibold">
      {role === "owner" ? "Owner" : "Admin"}
    </span>
  );
}

type Action = "admin" | "member" | "owner" | "remove";

/** What somebody with a role may do with a member of another; the server asks again. */
export function actionsFor(mine: Role, theirs: Role): Action[] {
  if (mine === "member" || theirs === "owner") return [];
  if (mine === "admin") return theirs === "member" ? ["remove"] : [];
  return [theirs === "admin" ? "member" : "admin", "owner", "remove"];
}

function MemberMenu({ member, actions }: { member: MemberLine; actions: Action[] }) {
  const name = displayName(member);
  const person = member.id;
  return (
    <details class="relative flex-none" name="member">
      <summary class="icon-button">
        <MoreIcon />
        <span class="sr-only">
          What can be done with <bdi>{name}</bdi>
        </span>
      </summary>
      <div class="rise absolute end-0 top-11 z-20 w-64 rounded-2xl bg-raised p-3 shadow-float">
        {actions.includes("admin") && <SetRole person={person} role="admin" label="Make admin" />}
        {actions.includes("member") && (
          <SetRole person={person} role="member" label="Take the admin role away" />
        )}
        {actions.includes("owner") && (
          <Confirm
            label="Hand the group over"
            question={
              <>
                <bdi class="font-semibold">{name}</bdi> will own it, and you will be an admin.
              </>
            }
            fields={{ what: "role", person, role: "owner" }}
            yes="Hand over"
          />
        )}
        {actions.includes("remove") && (
          <Confirm
            label="Remove from the group"
            question={
              <>
                <bdi class="font-semibold">{name}</bdi>{" "}
                will see nothing of it any more, and cannot come back by themselves.
              </>
            }
            fields={{ what: "remove", person }}
            yes="Remove"
          />
        )}
      </div>
    </details>
  );
}

function SetRole({ person, role, label }: { person: string; role: Role; label: string }) {
  return (
    <form method="post">
      <input type="hidden" name="what" value="role" />
      <input type="hidden" name="person" value={person} />
      <button
        type="submit"
        name="role"
        value={role}
        class="min-h-[2.75rem] w-full text-start font-semibold"
      >
        {label}
      </button>
    </form>
  );
}
