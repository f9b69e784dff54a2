/**
 * The live side of one instance: its parts made and joined, started and closed. What a log says goes
 * to the part whose it is: a room's events to `delivery.ts`, a person's notes to `note_delivery.ts`,
 * who came and went elsewhere to `other_instances.ts`. Routes and sessions use this and not its parts.
 */

import { CloseCode } from "../chat/close_codes.ts";
import { isGroupEvent } from "../chat/groups.ts";
import type { RoomEvent } from "../chat/events.ts";
import type { RoomSummary } from "../chat/rooms.ts";
import { SITE } from "../store/announcements.ts";
import { SETTINGS, takeFromBucket } from "../store/buckets.ts";
import { fromStored, type RoomHead } from "../store/events.ts";
import { newId } from "../store/ids.ts";
import type { Topic } from "../store/keys.ts";
import type { GroupCommit } from "../store/groups.ts";
import type { LogEntry, LogHead } from "../store/logs.ts";
import type { UserNote } from "../store/notes.ts";
import { moveRead, type ReadState } from "../store/reads.ts";
import type { MentionChange } from "../store/room_plan.ts";
import { changeSettings, getSettings, type Settings } from "../store/settings.ts";
import { Admission, type Joined } from "./admission.ts";
import { Appender } from "./appender.ts";
import { Attention } from "./attention.ts";
import { Broadcaster } from "./broadcaster.ts";
import { deliverEvents } from "./delivery.ts";
import { Forwarding } from "./forwarding.ts";
import { Groups } from "./groups.ts";
import { Hub } from "./hub.ts";
import { Addressing } from "./mentions.ts";
import { NoteDelivery, showJoined, showPresence, showReceipts } from "./note_delivery.ts";
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
  /** This instance stored events of a room, which changed so whom messages mention. */
  committed(
    room: string,
    events: readonly RoomEvent[],
    mentions: readonly MentionChange[],
  ): void;
  /** This instance moved a person's read pointer. */
  read(user: string, room: string): void;
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
  readonly #admission: Admission;
  readonly #notes: NoteDelivery;
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
      onCommit: (...commit) => this.#committed(...commit),
    });
    this.attention = new Attention(kv, instance);
    this.settings = new SettingsCache(kv, (user) => this.broadcaster.isFollowing(["user", user]));
    this.receipts = new Receipts({
      kv,
      rooms: this.rooms,
      settings: this.settings,
      whereIs: (user) => this.#whereIs(user),
      show: (user, room, people) => showReceipts(this.hub, { user, room }, people),
    });
    this.#admission = new Admission({
      kv,
      hub: this.hub,
      broadcaster: this.broadcaster,
      lost: (user) => this.#comeBack(user),
    });
    this.#notes = new NoteDelivery({
      kv,
      hub: this.hub,
      settings: this.settings,
      receipts: this.receipts,
      welcome: (user, room) => this.#admission.lookAgain(user, room),
    });
    this.presence = new PresenceService({
      kv,
      instance,
      watcher: this.#watcher,
      broadcaster: this.broadcaster,
      onPresence: (presence) => showPresence(this.hub, presence),
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

  /** Number of the newest account that people here were told of; later ones come by `joined`. */
  get joined(): number {
    return this.broadcaster.deliveredOf(SITE);
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

  /** See {@link Admission.join}. */
  join(peer: Peer, rooms: readonly Joined[]): Promise<void> {
    return this.#admission.join(peer, rooms);
  }

  /** See {@link Admission.enter}. */
  enter(peer: Peer, room: string): Promise<RoomSummary> {
    return this.#admission.enter(peer, room);
  }

  /** See {@link Admission.leave}. */
  leave(peer: Peer, room: string): void {
    this.#admission.leave(peer, room);
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
  #committed(room: string, events: RoomEvent[], mentions: MentionChange[] = []): void {
    this.broadcaster.advance(["room", room], events[events.length - 1].seq, events);
    this.search.committed(room, events);
    for (const listener of this.#listeners) listener.committed?.(room, events, mentions);
  }

  /** A group's head moves beside the appender, which would otherwise read it after a refusal. */
  #groupChanged({ record: { id }, events, to }: GroupCommit): void {
    this.rooms.forget(id);
    if (!to) return;
    this.appender.learn(id, to);
    this.#committed(id, events);
  }

  #onHead(topic: Topic, head: LogHead | null, versionstamp: string | null): void {
    if (topic[0] === "instance") this.presence.others.onHead(topic, head);
    else if (topic[0] === "room" && head && versionstamp) {
      this.appender.learn(topic[1], { head: head as RoomHead, versionstamp });
    }
  }

  #onEntries(topic: Topic, entries: LogEntry[]): void {
    if (topic[0] === "room") this.#publishEvents(topic[1], entries);
    else if (topic[0] === "instance") this.presence.others.onEntries(topic, entries);
    else if (topic[0] === "site") showJoined(this.hub, entries);
    else for (const { value } of entries) this.#notes.publish(topic[1], value as UserNote);
  }

  #publishEvents(room: string, entries: LogEntry[]): void {
    const events = entries.map(fromStored);
    this.appender.saw(room, events);
    if (events.some(isGroupEvent)) this.rooms.forget(room);
    for (const person of deliverEvents(this.hub, room, events)) {
      this.#admission.lookAgain(person, room);
    }
    this.receipts.handed(room, events, this.hub.inRoom(room));
  }

  #whereIs(user: string): "elsewhere" | "here" | "nowhere" {
    if (this.presence.isElsewhere(user)) return "elsewhere";
    return this.hub.ofUser(user).size > 0 ? "here" : "nowhere";
  }

  #onGap(topic: Topic): void {
    if (topic[0] === "instance") this.presence.others.onGap(topic);
    else if (topic[0] !== "site") this.#comeBack(topic[1]);
  }

  /** Notes of a person were missed: their peers come back to a full `welcome`. */
  #comeBack(user: string): void {
    for (const peer of [...this.hub.ofUser(user)]) {
      peer.close(CloseCode.RESTART, "some notes were missed");
    }
  }
}
