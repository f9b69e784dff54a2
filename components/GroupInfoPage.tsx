/**
 * All about a group: who is in it, and for each viewer what they may do. Plain forms, rendered by
 * the server; what destroys something asks first.
 */

import type { ComponentChildren } from "preact";
import type { MembersPage } from "../lib/chat/pages.ts";
import type { GroupInfo } from "../lib/chat/rooms.ts";
import { GroupAvatar, imageUrl } from "./Avatar.tsx";
import type { Place } from "./dates.ts";
import { GroupFields, KEPT_IMAGE } from "./GroupFields.tsx";
import { Confirm } from "./Confirm.tsx";
import { JoinLink } from "./JoinLink.tsx";
import { MemberList } from "./MemberList.tsx";
import { memberCount } from "./names.ts";
import { Card, PageFrame } from "./PageFrame.tsx";

export interface GroupInfoPageProps {
  room: string;
  me: string;
  group: GroupInfo;
  members: MembersPage;
  /** The filter of the members. */
  q: string;
  /** The address to join by, for those who may hand it out; null if there is none. */
  link: string | null;
  now: number;
  place: Place;
  error?: string;
  /** What the viewer wanted was done. */
  done: boolean;
  /** A button that copies the link. */
  copy?: ComponentChildren;
  /** What makes the choice of a picture livelier. */
  live?: ComponentChildren;
}

export function GroupInfoPage(props: GroupInfoPageProps) {
  const { room, group, error, done, link, copy, live } = props;
  const { role, name } = group;
  const manages = role !== "member";
  return (
    <PageFrame
      title={`${name} – group`}
      heading="Group"
      back={{ href: `/chat/${room}`, label: "Back to the conversation" }}
      error={error}
    >
      {done && !error && (
        <p role="status" class="rounded-xl bg-accent-soft px-4 py-3 text-base">Done.</p>
      )}
      <GroupHead room={room} group={group} />
      <MemberList {...props} />
      {manages && <JoinLink link={link} copy={copy} />}
      {manages && (
        <Card id="group-settings" title="Name and rules">
          <form method="post" enctype="multipart/form-data">
            <GroupFields
              {...group}
              picture={group.image ? KEPT_IMAGE : group.picture ?? ""}
              image={group.image && imageUrl(room, group.image)}
              live={live}
            />
            <button type="submit" name="what" value="configure" class="button button-main">
              Save
            </button>
          </form>
        </Card>
      )}
      <Card id="group-leave">
        <Confirm
          label="Leave the group"
          question={
            <>
              You will not see <bdi class="font-semibold">{name}</bdi> any more.{" "}
              {group.memberCount === 1
                ? "Nobody will be in it."
                : role === "owner" && "Another member will own it."}
            </>
          }
          fields={{ what: "leave" }}
          yes="Leave"
        />
      </Card>
    </PageFrame>
  );
}

function GroupHead({ room, group }: { room: string; group: GroupInfo }) {
  const { name, memberCount: count } = group;
  return (
    <div class="flex flex-col items-center gap-1 text-center">
      <GroupAvatar group={{ id: room, ...group }} size="page" />
      <h2 class="mt-1 max-w-full text-xl font-bold tracking-tight break-words" dir="auto">
        {name}
      </h2>
      <p class="text-sm text-muted">
        {memberCount(count)} · {group.public ? "public" : "private"} · {group.history === "all"
          ? "new members see everything"
          : "new members see what comes after they join"}
      </p>
    </div>
  );
}
