/** What happened to a group or was pinned, in words. Names are isolated, so that each keeps its own direction. */

import type { ConfiguredEvent, MembersEvent, PinnedEvent, RoleEvent } from "../lib/chat/events.ts";
import { listNames, type Names } from "./names.ts";

/** A line of the timeline: an event, or several of one kind as one. */
export type Happening =
  | Omit<MembersEvent, "id" | "posts">
  | RoleEvent
  | ConfiguredEvent
  | PinnedEvent & { count?: number };

/** The sentence, without a full stop. */
export function wordsOf(event: Happening, { me, names }: { me: string; names: Names }): string {
  const call = (id: string) => id === me ? "you" : isolate(names.get(id) ?? "Someone");
  const own = event.type === "members" && event.people.includes(me);
  return capital(phraseOf(own ? { ...event, people: withFirst(event.people, me) } : event, call));
}

function withFirst(people: readonly string[], first: string): string[] {
  return [first, ...people.filter((id) => id !== first)];
}

type Call = (id: string) => string;

/** Three are named at most: of the hundreds besides nobody needs to be asked who they are. */
function list(people: readonly string[], call: Call): string {
  return listNames(people.map((id, at) => at < 3 ? call(id) : ""));
}

function phraseOf(event: Happening, call: Call): string {
  switch (event.type) {
    case "members":
      return membersPhrase(event, call);
    case "role":
      return rolePhrase(event, call);
    case "configured":
      return `${call(event.by)} ${configuredPhrase(event)}`;
    case "pinned":
      return `${call(event.by)} pinned ${event.count ? `${event.count} messages` : "a message"}`;
  }
}

function membersPhrase({ what, by, people }: Omit<MembersEvent, "id" | "posts">, call: Call) {
  const others = people.filter((id) => id !== by);
  switch (what) {
    case "created":
      return `${call(by)} created the group${
        others.length > 0 ? ` with ${list(others, call)}` : ""
      }`;
    case "added":
    case "removed":
      return `${call(by)} ${what} ${list(people, call)}`;
    case "joined":
    case "left":
      return `${list(people, call)} ${what}`;
  }
}

function rolePhrase({ by, person, role }: RoleEvent, call: Call): string {
  const who = call(person);
  // Who owned the group left: nobody handed it over.
  if (by === person) return `${who} ${who === "you" ? "are" : "is"} ${ROLES[role]} now`;
  if (role !== "member") return `${call(by)} made ${who} ${ROLES[role]}`;
  return `${call(by)} made ${who} a member without a role`;
}

const ROLES = { owner: "the owner", admin: "an admin", member: "a member" };

function configuredPhrase(
  { name, picture, image, public: open, history }: ConfiguredEvent,
): string {
  const done = [
    name !== undefined && `renamed the group to “${isolate(name)}”`,
    picture === null && "took the picture away",
    picture && `made ${picture} the picture`,
    image && "changed the picture",
    open === true && "opened the group to everybody",
    open === false && "made the group private",
    history === "all" && "let new members see what was said before",
    history === "joined" && "hid from new members what was said before",
  ].filter((part) => typeof part === "string");
  return listNames(done, done.length) || "changed the group";
}

/** First-strong isolate: the text around a name does not turn with it. */
function isolate(name: string): string {
  return `\u2068${name}\u2069`;
}

function capital(text: string): string {
  return text.startsWith("you") ? `Y${text.slice(1)}` : text;
}
