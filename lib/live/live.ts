/**
 * The live side of one instance: hub, broadcaster, appender and presence, joined. What a log says
 * becomes frames for the peers that may see it. Routes and sessions use this and not its parts.
 */

import { CloseCode } from "../chat/close_codes.ts";
import { NotFoundError } from "../chat/errors.ts";
import { isGroupEvent } from "../chat/groups.ts";
import { canRead, visibleFrom } from "../chat/permissions.ts";
import type { Fact } from "../chat/facts.ts";
import type { Person, Presence, Receipt, RoomEvent, RoomSummary } from "../chat/values.ts";
import { SITE } from "../store/announcements.ts";
import { SETTINGS, takeFromBucket } from "../store/buckets.ts";
import { fromStored, type RoomHead } from "../store/events.ts";
import { newId } from "../store/ids.ts";
import type { Topic } from "../store/keys.ts";
import type { GroupCommit } from "../store/groups.ts";
import type { LogEntry, LogHead } from "../store/logs.ts";
import type { UserNote } from "../store/notes.ts";
import { moveRead, type ReadState } from "../store/reads.ts";
import { getDraft } from "../store/room_drafts.ts";
import { getRoom, getRoomFor } from "../store/rooms.ts";
import { changeSettings, getSettings, type Settings } from "../store/settings.ts";
import { findSummary } from "../store/summaries.ts";
import { Addressing } from "./mentions.ts";
import { Appender } from "./appender.ts";
import { Attention } from "./attention.ts";
import { Broadcaster } from "./broadcaster.ts";
import { deliverEvents, dismiss } from "./delivery.ts";
import { Groups } from "./groups.ts";
import { Forwarding } from "./forwarding.ts";
import { Hub } from "./hub.ts";
import type { Peer } from "./peer.ts";
import { PresenceService, type PresenceTimes } from "./presence.ts";
import { Receipts } from "./receipts.ts";
import { RoomCache } from "./room_cache.ts";
import { SearchIndexer } from "./search_indexer.ts";
import { SettingsCache } from "./settings_cache.ts";
import type { OpenKv } from "./watch_handles.ts";
import { Watcher } from "./watcher.ts";

/** What a stop gives the messages that wait before the sockets are closed, in milliseconds. */
const FLUSH_MS = 1_500;

/** Told what happens here, besides the peers: what must not wait for it, and must not fail by it. */
export interface Listener {
  /** This instance stored events of a room. */
  committed(room: string, events: readonly RoomEvent[]): void;
  /** This instance moved a person's read pointer. */
  read(user: string, room: string): void;
}

/** A room that a peer gets, and the first `seq` of it that its person may see. */
export interface Joined {
  room: string;
  from?: number;
}

export class Live {
  readonly kv: Deno.Kv;
  readonly hub: Hub;
  readonly appender: Appender;
  readonly broadcaster: Broadcaster;
  readonly presence: PresenceService;
  readonly attention: Attention;
  readonly settings: SettingsCache;
  readonly receipts: Receipts;
  readonly rooms: RoomCache;
  readonly addressing: Addressing;
  readonly forwarding: Forwarding;
  readonly search: SearchIndexer;
  readonly groups: Groups;
  readonly #watcher: Watcher;
  readonly #listeners: Partial<Listener>[] = [];

  constructor(
    kv: Deno.Kv,
    { instance = newId(), times, openKv, solo = false, quotaBytes = Infinity }: {
      instance?: string;
      times?: Partial<PresenceTimes>;
      /** For a database reached by KV Connect: opens it once more, for watching. */
      openKv?: OpenKv;
      /**
       * Watches nothing while no other instance runs. Only for a database that nothing but
       * announced instances writes to, with a `ringingKv` that calls {@link Live.ring}.
       */
      solo?: boolean;
      /** Bytes of all files of one person; what they forward counts. */
      quotaBytes?: number;
    } = {},
  ) {
    this.kv = kv;
    this.rooms = new RoomCache(kv, (room) => this.broadcaster.isFollowing(["room", room]));
    this.groups = new Groups(kv, (commit) => this.#groupChanged(commit));
    this.addressing = new Addressing();
    this.forwarding = new Forwarding({ kv, rooms: this.rooms, quotaBytes });
    this.search = new SearchIndexer(kv);
    this.#watcher = new Watcher(kv, { openKv });
    this.broadcaster = new Broadcaster(kv, this.#watcher, {
      onEntries: (topic, entries) => this.#onEntries(topic, entries),
      onHead: (topic, head, versionstamp) => this.#onHead(topic, head, versionstamp),
      onGap: (topic) => this.#onGap(topic),
    });
    this.hub = new Hub({
      onRoom: (id, needed) => this.#need(["room", id], needed),
      onUser: (id, needed) => {
        this.#need(["user", id], needed);
        if (!needed) this.settings.forget(id);
      },
    });
    this.appender = new Appender(kv, {
      remote: openKv !== undefined,
      onCommit: (room, seq, events) => this.#committed(room, seq, events),
    });
    this.attention = new Attention(kv, instance);
    this.settings = new SettingsCache(kv, (user) => this.broadcaster.isFollowing(["user", user]));
    this.receipts = new Receipts({
      kv,
      rooms: this.rooms,
      settings: this.settings,
      whereIs: (user) => this.#whereIs(user),
      show: (user, room, people) => this.#showReceipts(user, room, people),
    });
    this.presence = new PresenceService({
      kv,
      instance,
      watcher: this.#watcher,
      broadcaster: this.broadcaster,
      onPresence: (presence) => this.#onPresence(presence),
      onOthers: (any) => solo && this.broadcaster.setAlone(!any),
      times,
    });
  }

  /** Watched keys, for the figures. */
  get watchedKeys(): number {
    return this.#watcher.keys;
  }

  /** Open watch streams, for the figures. */
  get streams(): number {
    return this.#watcher.streams;
  }

  async start(): Promise<void> {
    await this.broadcaster.follow(SITE);
    await this.presence.start();
    await this.search.start();
  }

  /** Tells one more of what happens here. */
  listen(listener: Partial<Listener>): void {
    this.#listeners.push(listener);
  }

  /** A commit of this instance moved a log's head. */
  ring(topic: Topic, seq: number): void {
    this.broadcaster.advance(topic, seq);
  }

  /** Subscribes a peer to rooms. Resolves when none of their later events will be missed. */
  async join(peer: Peer, rooms: readonly Joined[]): Promise<void> {
    // Following for a peer that left meanwhile would never end.
    if (!this.hub.peers.has(peer)) return;
    for (const { room, from } of rooms) this.hub.join(peer, room, from);
    await Promise.all(rooms.map(({ room }) => this.broadcaster.follow(["room", room])));
  }

  /** Subscribes a peer to a room its person became a member of. The room as they see it. */
  async enter(peer: Peer, id: string): Promise<RoomSummary> {
    const { id: me } = peer.person;
    const from = visibleFrom(await getRoomFor(this.kv, id, me), me);
    await this.join(peer, [{ room: id, from }]);
    const summary = await findSummary(this.kv, me, id);
    if (summary && peer.rooms.has(id)) return summary;
    this.leave(peer, id);
    throw new NotFoundError("There is no such room.");
  }

  /** Takes a peer out of a room of which its person seems to be no member; brings it back if they are. */
  leave(peer: Peer, room: string): void {
    this.hub.leave(peer, room);
    peer.publish(JSON.stringify({ type: "left", room } satisfies Fact));
    this.#lookAgain(peer.person.id, room);
  }

  /** Subscribes a peer to its person's notes. */
  async add(peer: Peer): Promise<void> {
    this.hub.add(peer);
    this.presence.connected(peer.person.id);
    await this.broadcaster.follow(["user", peer.person.id]);
  }

  /** Moves a member's read pointer and lets the others know, as far as all of them wish. */
  async moveRead(user: string, room: string, seq: number): Promise<ReadState> {
    const state = await moveRead(this.kv, user, room, seq);
    this.receipts.read(room, user, state.seq);
    for (const listener of this.#listeners) listener.read?.(user, room);
    return state;
  }

  /** Changes some of a person's settings. Receipts that are switched off go from others' screens. */
  async changeSettings(user: string, change: Partial<Settings>): Promise<void> {
    await takeFromBucket(this.kv, SETTINGS, user);
    const before = await getSettings(this.kv, user);
    const after = await changeSettings(this.kv, user, change);
    if (before.receipts && !after.receipts) await this.receipts.withdraw(user);
  }

  remove(peer: Peer): void {
    if (!this.hub.peers.has(peer)) return;
    this.hub.remove(peer);
    this.attention.set(peer, false);
    this.presence.disconnected(peer.person.id);
  }

  /** Stores what waits, closes every socket with `RESTART` and takes this instance's people offline. */
  async close(): Promise<void> {
    await this.#flush();
    for (const peer of [...this.hub.peers]) peer.close(CloseCode.RESTART, "the server restarts");
    await this.#flush(); // what came during the first wait; closed peers are not heard
    await this.receipts.close();
    await this.attention.close();
    await this.search.close();
    await this.presence.close();
    this.broadcaster.close();
    this.#watcher.close();
  }

  /** Without KV it would wait for ever; what has no ack is sent again, to another instance. */
  async #flush(): Promise<void> {
    const { promise: limit, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, FLUSH_MS);
    await Promise.race([this.appender.flushed(), limit]);
    clearTimeout(timer);
  }

  #need(topic: Topic, needed: boolean): void {
    if (needed) return void this.broadcaster.follow(topic);
    this.broadcaster.unfollow(topic);
    if (topic[0] === "room") this.rooms.forget(topic[1]);
  }

  /** This instance stored events. */
  #committed(room: string, seq: number, events: RoomEvent[]): void {
    this.broadcaster.advance(["room", room], seq, events);
    this.search.committed(room, events);
    for (const listener of this.#listeners) listener.committed?.(room, events);
  }

  /** A group's head moves beside the appender, which would otherwise read it after a refusal. */
  #groupChanged({ record: { id }, events, to }: GroupCommit): void {
    this.rooms.forget(id);
    if (!to) return;
    this.appender.learn(id, to);
    this.#committed(id, to.head.seq, events);
  }

  #onHead(topic: Topic, head: LogHead | null, versionstamp: string | null): void {
    if (topic[0] === "instance") this.presence.onHead(topic, head);
    else if (topic[0] === "room" && head && versionstamp) {
      this.appender.learn(topic[1], { head: head as RoomHead, versionstamp });
    }
  }

  #onEntries(topic: Topic, entries: LogEntry[]): void {
    if (topic[0] === "room") this.#publishEvents(topic[1], entries);
    else if (topic[0] === "instance") this.presence.onEntries(topic, entries);
    else if (topic[0] === "site") this.#publishPeople(entries);
    else for (const { value } of entries) this.#publishNote(topic[1], value as UserNote);
  }

  #publishEvents(room: string, entries: LogEntry[]): void {
    const events = entries.map(fromStored);
    if (events.some(isGroupEvent)) this.rooms.forget(room);
    for (const person of deliverEvents(this.hub, room, events)) this.#lookAgain(person, room);
    this.receipts.handed(room, events, this.hub.inRoom(room));
  }

  /** They may be a member again already, and their peers may have been told so before. */
  #lookAgain(user: string, room: string): void {
    this.#welcomeTo(user, room).catch((error) => {
      console.error("Reading a room failed; its people come back to see it.", error);
      this.#onGap(["user", user]);
    });
  }

  #publishNote(user: string, note: UserNote): void {
    const peers = this.hub.ofUser(user);
    if (note.type === "signed_out") return closeSession(peers, note.session);
    if (note.type === "receipts") return void this.receipts.hear(user, note.receipts);
    if (note.type === "draft") return void this.#showDraft(user, note);
    if (note.type === "settings") return this.#changeSettings(user, note.settings);
    if (note.type !== "room") {
      const json = JSON.stringify(note satisfies Fact);
      // Who types somewhere is told to those who are still there.
      const isFor = (peer: Peer) => note.type !== "typing" || peer.rooms.has(note.room);
      for (const peer of peers) if (isFor(peer)) peer.publish(json);
      return;
    }
    this.#lookAgain(user, note.room);
  }

  #whereIs(user: string): "elsewhere" | "here" | "nowhere" {
    if (this.presence.isElsewhere(user)) return "elsewhere";
    return this.hub.ofUser(user).size > 0 ? "here" : "nowhere";
  }

  #changeSettings(user: string, settings: Settings): void {
    this.settings.changed(user, settings);
    const { receipts } = settings;
    const json = JSON.stringify({ type: "settings", receipts } satisfies Fact);
    for (const peer of this.hub.ofUser(user)) peer.publish(json);
  }

  /** As it is now, which may be newer than what is told. Lossy: a `welcome` has it too. */
  async #showDraft(user: string, { room, at }: { room: string; at: number }): Promise<void> {
    const draft = await getDraft(this.kv, user, room).catch(() => undefined);
    if (draft === undefined) return;
    const fact = { type: "draft", room, ...draft ?? { text: "", at } } satisfies Fact;
    const json = JSON.stringify(fact);
    for (const peer of this.hub.ofUser(user)) if (peer.rooms.has(room)) peer.publish(json);
  }

  /** Only to peers that are in the room: what is told may have been on its way for a while. */
  #showReceipts(user: string, room: string, people: Receipt[]): void {
    const json = JSON.stringify({ type: "receipts", room, people } satisfies Fact);
    for (const peer of this.hub.ofUser(user)) if (peer.rooms.has(room)) peer.publish(json);
  }

  /**
   * Subscribes a person's peers to a room they became a member of, and shows it to them. The log is
   * followed before the record is read: who ceases to be a member after that is taken out by it.
   */
  async #welcomeTo(user: string, id: string): Promise<void> {
    const room = this.hub.ofUser(user).size > 0 && await getRoom(this.kv, id);
    if (!room || !canRead(room, user)) return;
    const joined = { room: id, from: visibleFrom(room, user) };
    await Promise.all([...this.hub.ofUser(user)].map((peer) => this.join(peer, [joined])));
    const summary = await findSummary(this.kv, user, id);
    if (!summary) return void dismiss(this.hub, id, user);
    const json = JSON.stringify({ type: "room", room: summary } satisfies Fact);
    for (const peer of [...this.hub.ofUser(user)]) {
      if (!peer.rooms.has(id)) continue; // taken out while the summary was read
      this.hub.join(peer, id, summary.group?.from);
      peer.publish(json);
    }
  }

  /** Shows new accounts to everybody, so that people lists grow without a reload. */
  #publishPeople(entries: LogEntry[]): void {
    const people = entries.map(({ value }) => value as Person);
    const json = JSON.stringify({ type: "joined", people } satisfies Fact);
    for (const peer of this.hub.peers) peer.publish(json);
  }

  #onPresence(presence: Presence): void {
    const peers = this.hub.watching(presence.id);
    if (peers.size === 0) return;
    const json = JSON.stringify({ type: "presence", people: [presence] } satisfies Fact);
    for (const peer of peers) peer.publish(json);
  }

  /** Notes of a person were missed: their peers come back to a full `welcome`. */
  #onGap(topic: Topic): void {
    if (topic[0] === "instance") return this.presence.onGap(topic);
    if (topic[0] === "site") return;
    for (const peer of [...this.hub.ofUser(topic[1])]) {
      peer.close(CloseCode.RESTART, "some notes were missed");
    }
  }
}

function closeSession(peers: ReadonlySet<Peer>, session: string): void {
  for (const peer of [...peers]) {
    if (peer.session === session) peer.close(CloseCode.SIGNED_OUT, "signed out");
  }
}
