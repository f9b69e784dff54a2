/**
 * What people's devices are told besides the events of rooms: the notes of their log, receipts,
 * drafts, their settings, new accounts and whose presence changed. A note that says only that
 * something changed is told as it is now. Nothing is told twice: where notes were missed, the
 * person's devices come back to a full `welcome`.
 */

import { CloseCode } from "../chat/close_codes.ts";
import type { Fact } from "../chat/facts.ts";
import type { Person, Presence } from "../chat/people.ts";
import type { Receipt } from "../chat/rooms.ts";
import type { LogEntry } from "../store/logs.ts";
import type { UserNote } from "../store/notes.ts";
import { getDraft } from "../store/room_drafts.ts";
import type { Settings } from "../store/settings.ts";
import type { Hub } from "./hub.ts";
import type { Peer } from "./peer.ts";
import type { Receipts } from "./receipts.ts";
import type { SettingsCache } from "./settings_cache.ts";

/** What the delivery of notes needs of the instance. */
export interface NoteDeliveryOptions {
  kv: Deno.Kv;
  hub: Hub;
  settings: SettingsCache;
  receipts: Receipts;
  /** The person became a member of a room. */
  welcome(user: string, room: string): void;
}

export class NoteDelivery {
  readonly #options: NoteDeliveryOptions;

  constructor(options: NoteDeliveryOptions) {
    this.#options = options;
  }

  /** The next note of a person's log. */
  publish(user: string, note: UserNote): void {
    const { hub, receipts, welcome } = this.#options;
    if (note.type === "room") return welcome(user, note.room);
    if (note.type === "signed_out") return closeSession(hub.ofUser(user), note.session);
    if (note.type === "receipts") return void receipts.hear(user, note.receipts);
    if (note.type === "draft") return void this.#showDraft(user, note);
    if (note.type === "settings") return this.#showSettings(user, note.settings);
    // Who types somewhere is told to those who are still there.
    if (note.type === "typing") return tellInRoom(hub, { user, room: note.room }, note);
    tell(hub.ofUser(user), note);
  }

  #showSettings(user: string, settings: Settings): void {
    this.#options.settings.changed(user, settings);
    const { receipts } = settings;
    tell(this.#options.hub.ofUser(user), { type: "settings", receipts });
  }

  /** As it is now, which may be newer than what is told. */
  async #showDraft(user: string, { room, at }: { room: string; at: number }): Promise<void> {
    const { kv, hub } = this.#options;
    const draft = await getDraft(kv, user, room).catch(() => undefined);
    if (draft === undefined) return;
    tellInRoom(hub, { user, room }, { type: "draft", room, ...draft ?? { text: "", at } });
  }
}

/** Shows how far others have come, in a room, to a person's devices here. */
export function showReceipts(
  hub: Hub,
  { user, room }: { user: string; room: string },
  people: Receipt[],
): void {
  tellInRoom(hub, { user, room }, { type: "receipts", room, people });
}

/** Shows new accounts to everybody, so that people lists grow without a reload. */
export function showJoined(hub: Hub, entries: readonly LogEntry[]): void {
  const people = entries.map(({ value }) => value as Person);
  tell(hub.peers, { type: "joined", people, seq: entries[entries.length - 1].seq });
}

/** Shows who came or went to those who watch them. */
export function showPresence(hub: Hub, presence: Presence): void {
  tell(hub.watching(presence.id), { type: "presence", people: [presence] });
}

/** Only to peers that are in the room: what is told may have been on its way for a while. */
function tellInRoom(hub: Hub, { user, room }: { user: string; room: string }, fact: Fact): void {
  tell(new Set([...hub.ofUser(user)].filter((peer) => peer.rooms.has(room))), fact);
}

/** One JSON text for all, and none for nobody. */
function tell(peers: ReadonlySet<Peer>, fact: Fact): void {
  if (peers.size === 0) return;
  const json = JSON.stringify(fact);
  for (const peer of peers) peer.publish(json, peers.size);
}

function closeSession(peers: ReadonlySet<Peer>, session: string): void {
  for (const peer of [...peers]) {
    if (peer.session === session) peer.close(CloseCode.SIGNED_OUT, "signed out");
  }
}
