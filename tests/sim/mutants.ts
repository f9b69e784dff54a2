/**
 * Broken code, made by wrapping the real one from outside: the simulation must notice each of
 * these. Each name says what is broken.
 */

import type { PostedEvent } from "../../lib/chat/events.ts";
import type { Live } from "../../lib/live/live.ts";
import type { Peer } from "../../lib/live/peer.ts";
import type { RoomHead } from "../../lib/store/events.ts";
import type { Commit, Mutation } from "./store.ts";
import type { Mutant } from "./town.ts";

export const MUTANTS: Record<string, Mutant> = {
  "an id that comes late leaves no key": dropping(({ key }) => key[0] === "sent"),
  "the log's landmarks are far beyond their places": tampering((commit) => ({
    ...commit,
    mutations: commit.mutations.map((one) =>
      one.type === "set" && one.key[0] === "landmark"
        ? { ...one, key: [...one.key.slice(0, 3), Number(one.key[3]) + 20] }
        : one
    ),
  })),
  "the appender remembers other ids than it saw": { instance: ({ live }) => confuse(live) },
  "the appender does not check heads": unchecked(({ key }) =>
    key[0] === "head" && key[1] === "room"
  ),
  "the appender answers before it has stored": { instance: ({ live }) => answerEarly(live) },
  "the appender forgets which messages are the author's own": changingHeads({ own: {} }),
  "the appender takes every id for new that it did not store itself": changingHeads({
    newestId: "",
  }),
  "a deletion forgets the first text of an edited message": dropping(({ type, key }) =>
    type === "delete" && key[0] === "original"
  ),
  "a change leaves the message's own entry as it was": dropping((mutation) =>
    mutation.type === "set" && mutation.key[0] === "log" && isChanged(mutation.value)
  ),
  "deleted messages still count as unread": dropping(({ key }) => key[0] === "gone"),
  "nobody finds what an edit took a mention from, or gave one": dropping(({ key }) =>
    key[0] === "mention"
  ),
  "the search index names blocks that were not written": dropping(({ type, key }) =>
    type === "set" && key[0] === "search_block"
  ),
  "a deletion leaves its message's files in use": dropping(({ type, key }) =>
    type === "delete" && key[0] === "file_use"
  ),
  "a deletion does not note that its files may be unused": dropping(({ key }) =>
    key[0] === "loose_file"
  ),
  "the sweep does not see who else has the same content": {
    instance: ({ kv }) => kv.blindTo = "blob_use",
  },
  "nobody checks what a person has stored before they change it": unchecked(({ key }) =>
    key[0] === "storage"
  ),
  "what an upload takes is not counted": dropping(
    ({ key }) => key[0] === "storage",
    ({ key }) => key[0] === "upload_due",
  ),
  "an upload that is swept leaves its bytes": dropping(({ key }) => key[0] === "trash"),
  "the broadcaster skips an event now and then": { instance: ({ live }) => skipEvents(live) },
  "who was removed from a group stays subscribed": {
    instance: ({ live: { hub } }) => hub.leave = () => {},
  },
  "presence does not hear that sockets close": {
    instance: ({ live }) => live.presence.disconnected = () => {},
  },
  "the client does not resume": {
    clientSays: (data) => data.replace(/,"cursors":\{[^}]*\}/, ""),
  },
  "the outbox is not written down": { device: (device) => device.forgetful = true },
};

/** Commits, or those with such a change in them, lack some changes. */
function dropping(
  isDropped: (mutation: Mutation) => boolean,
  isIn: (mutation: Mutation) => boolean = () => true,
): Mutant {
  return tampering((commit) => {
    if (!commit.mutations.some(isIn)) return commit;
    return { ...commit, mutations: commit.mutations.filter((mutation) => !isDropped(mutation)) };
  });
}

/** Commits, or those with such a change in them, lack some checks. */
function unchecked(
  isDropped: (check: Deno.AtomicCheck) => boolean,
  isIn: (mutation: Mutation) => boolean = () => true,
): Mutant {
  return tampering((commit) => {
    if (!commit.mutations.some(isIn)) return commit;
    return { ...commit, checks: commit.checks.filter((check) => !isDropped(check)) };
  });
}

/** Rooms' heads are stored with these fields. */
function changingHeads(fields: Partial<RoomHead>): Mutant {
  const change = (mutation: Mutation): Mutation => {
    const [kind, topic] = mutation.key;
    if (mutation.type !== "set" || kind !== "head" || topic !== "room") return mutation;
    return { ...mutation, value: { ...mutation.value as RoomHead, ...fields } };
  };
  return tampering((commit) => ({ ...commit, mutations: commit.mutations.map(change) }));
}

function isChanged(value: unknown): boolean {
  return (value as Partial<PostedEvent>).changed !== undefined;
}

function tampering(change: (commit: Commit) => Commit): Mutant {
  return { instance: ({ kv }) => kv.tamper = change };
}

function confuse({ appender }: Live): void {
  const saw = appender.saw.bind(appender);
  appender.saw = (room, events) => saw(room, events.map((event) => ({ ...event, id: "other" })));
}

function answerEarly({ appender }: Live): void {
  const post = appender.post.bind(appender);
  let seq = 0;
  appender.post = (draft, done) => {
    done({ seq: ++seq, at: Date.now() });
    post(draft, () => {});
  };
}

function skipEvents({ hub }: Live): void {
  let count = 0;
  const add = hub.add.bind(hub);
  hub.add = (peer: Peer) => {
    const publish = peer.publish.bind(peer);
    peer.publish = (json) => {
      if (json.startsWith('{"type":"events"') && ++count % 10 === 0) return;
      publish(json);
    };
    add(peer);
  };
}
