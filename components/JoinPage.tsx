/** Where a link to join leads: the group's name and size, and the button. */

import type { RoomCard } from "../lib/chat/rooms.ts";
import { GroupAvatar } from "./Avatar.tsx";
import { memberCount } from "./names.ts";
import { PageTitle } from "./PageTitle.tsx";

interface JoinPageProps {
  /** Null for a link that leads nowhere (any more). */
  group: RoomCard | null;
  /** The link's token. */
  link: string;
  error?: string;
}

export function JoinPage({ group, link, error }: JoinPageProps) {
  return (
    <main class="min-h-dvh flex flex-col items-center justify-center gap-2 bg-canvas p-6 text-center pad-sides">
      <PageTitle title={group ? `Join ${group.name}` : "No such link"} />
      {group ? <Invitation group={group} link={link} error={error} /> : <NoGroup />}
    </main>
  );
}

function Invitation({ group, link, error }: JoinPageProps & { group: RoomCard }) {
  return (
    <>
      <GroupAvatar group={group} size="page" link={link} />
      <h1 class="mt-2 max-w-full text-xl font-bold tracking-tight break-words">
        <bdi>{group.name}</bdi>
      </h1>
      <p class="text-muted">{memberCount(group.memberCount)}</p>
      {error && <p role="alert" class="max-w-sm text-danger">{error}</p>}
      <form method="post" class="mt-4 flex gap-2">
        <a href="/chat" class="button button-quiet">Not now</a>
        <button type="submit" class="button button-main">Join the group</button>
      </form>
    </>
  );
}

function NoGroup() {
  return (
    <>
      <h1 class="text-xl font-bold tracking-tight text-balance">This link leads nowhere</h1>
      <p class="max-w-sm text-muted text-balance">
        It was taken away or replaced, or a piece of it is missing. Ask whoever gave it to you for a
        new one.
      </p>
      <a href="/chat" class="button button-main mt-4">To the chats</a>
    </>
  );
}
