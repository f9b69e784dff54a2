/**
 * The viewer's own corner above the lists: search, a new group, and a menu. Links and forms that
 * never change, so only the server draws them; see `ListHeader.tsx`.
 */

import type { Person } from "../lib/chat/people.ts";
import { Avatar } from "./Avatar.tsx";
import {
  AtIcon,
  BookmarkIcon,
  GroupIcon,
  PlusIcon,
  SearchIcon,
  SettingsIcon,
  SignOutIcon,
} from "./Icons.tsx";
import { MENU_ITEM } from "./menu_item.ts";
import { displayName } from "./names.ts";

/** Where the menu leads. */
const LINKS = [
  ["/mentions", AtIcon, "Mentions"],
  ["/saved", BookmarkIcon, "Saved messages"],
  ["/rooms", GroupIcon, "Public groups"],
  ["/settings", SettingsIcon, "Settings"],
] as const;

export function ListTools({ me }: { me: Person }) {
  return (
    <>
      <a href="/search" class="icon-button" title="Search messages (Ctrl+K)" data-search>
        <SearchIcon />
        <span class="sr-only">Search messages</span>
      </a>
      <a href="/groups/new" class="icon-button" title="New group">
        <PlusIcon />
        <span class="sr-only">New group</span>
      </a>
      <details class="relative" data-menu>
        <summary class="icon-button">
          <Avatar person={me} size="head" />
          <span class="sr-only">
            Account of <bdi>{displayName(me)}</bdi>
          </span>
        </summary>
        <div class="rise absolute end-0 top-12 z-20 w-64 rounded-2xl bg-raised p-2 shadow-float">
          <div class="px-3 py-2">
            <p class="truncate font-semibold text-base">
              <bdi>{displayName(me)}</bdi>
            </p>
            <p class="truncate text-sm text-muted">
              <bdi>@{me.username}</bdi>
            </p>
          </div>
          {LINKS.map(([href, Icon, label]) => (
            <a key={href} href={href} class={MENU_ITEM}>
              <span class="text-muted">
                <Icon />
              </span>
              {label}
            </a>
          ))}
          <form method="post" action="/logout">
            <button type="submit" class={MENU_ITEM}>
              <span class="text-muted">
                <SignOutIcon />
              </span>
              Sign out
            </button>
          </form>
        </div>
      </details>
    </>
  );
}
