/**
 * Tells people on their devices of messages that they do not see. The instance that stored a message
 * tells of it, some moments after, so that a burst is one notification and nobody waits for it.
 *
 * Delivery is best effort: what waits when a process is killed is lost, what a push service does
 * not take is tried a few times. Nothing is told twice: before it is sent, a push is claimed in KV
 * for its person and room, so of several instances one sends it.
 */

import { RateLimitedError } from "../chat/errors.ts";
import type { MembersEvent, RoomEvent } from "../chat/events.ts";
import type { Listener } from "../live/live.ts";
import { type Limit, takeFromBucket } from "../store/buckets.ts";
import { listPushDevices, type PushDevice, removePushDevice } from "../store/push_devices.ts";
import { claimPushed, dropPushed, getPushed } from "../store/pushed.ts";
import type { MentionChange } from "../store/room_plan.ts";
import { isSessionLive } from "../store/sessions.ts";
import { type Call, callsIn, isCalled } from "./calls.ts";
import { Gather } from "./gather.ts";
import { PushPeople } from "./people.ts";
import { isUnread, type Plan, planFor, readNews, type RoomNews } from "./plan.ts";
import type { Push, PushSender } from "./sender.ts";

/** The times that notifications live by, in milliseconds. */
export interface PushTimes {
  /** What is posted to a room in this time is told in one. */
  collapseMs: number;
  /** How long after reading the other devices are told. */
  readMs: number;
  /** Pauses before a push is tried again; after the last it is given up. */
  againMs: readonly number[];
}

const TIMES: PushTimes = { collapseMs: 1_500, readMs: 1_000, againMs: [5_000, 30_000, 120_000] };
/** A push service that wants a longer pause than this is not tried again. */
const MAX_AGAIN_MS = 10 * 60 * 1000;
/** What a stop gives what waits, in milliseconds. */
const CLOSE_MS = 1_000;
/** Rooms, readers and pushes that may wait; what is more is not told. */
const MAX_WAITING = 10_000;
/** Edits of a room that wait to be told of; of more the last ones are. */
const MAX_CALLS = 20;
/** How often a push is planned when other instances claim others at the same time. */
const MAX_CLAIMS = 3;
/** People of a room who are looked at side by side. */
const SIDE_BY_SIDE = 10;
/**
 * Browsers count pushes that show nothing against a site. A device gets few of them; what they
 * would have closed is closed by the next one that shows something.
 */
const CLEARINGS: Limit = { name: "push_clear", burst: 3, refillMs: 4 * 60 * 60 * 1000 };
/** Safari ends a subscription after some pushes that show nothing: it gets none. */
const NEVER_SILENT = /\.push\.apple\.com$/;

/** What a notifier needs of the instance that it runs at. */
export interface NotifierOptions {
  kv: Deno.Kv;
  sender: PushSender;
  /** Whether a person looks at Parley by a socket here. */
  isLooking(userId: string): boolean;
  /** Whether a page of this session is open here, which closes notifications itself. */
  isOpen(userId: string, session: string): boolean;
  times?: Partial<PushTimes>;
  now?: () => number;
}

/** A push that waited so long, in milliseconds, is looked at again before it is sent. */
const STALE_MS = 2_000;

/** What happened in a room and is to be told of. */
interface Pending {
  /** The first message; `Infinity` for none. */
  from: number;
  deleted: Set<number>;
  /** Edits that mention people anew. */
  calls: Call[];
}

interface Job {
  user: string;
  device: PushDevice;
  room: string;
  push: Push;
  /** Of what it shows; `null` for a push that shows nothing. */
  plan: Plan | null;
  plannedAt: number;
  tries: number;
}

export class Notifier implements Listener {
  readonly people: PushPeople;
  readonly sender: PushSender;
  #kv: Deno.Kv;
  #options: NotifierOptions;
  #times: PushTimes;
  #now: () => number;
  #pending = new Map<string, Pending>();
  #jobs = new Map<string, Job>();
  #rooms: Gather;
  #reads: Gather;
  #sends: Gather;

  constructor(options: NotifierOptions) {
    const { kv, sender, times, now = Date.now } = options;
    this.#kv = kv;
    this.sender = sender;
    this.#options = options;
    this.#times = { ...TIMES, ...times };
    this.#now = now;
    this.people = new PushPeople(kv);
    const { collapseMs, readMs } = this.#times;
    const gather = (waitMs: number, lanes: number, run: (key: string) => Promise<void>) =>
      new Gather({ waitMs, lanes, max: MAX_WAITING, run });
    this.#rooms = gather(collapseMs, 4, (room) => this.#tellRoom(room));
    this.#reads = gather(readMs, 4, (key) => this.#tellRead(key));
    this.#sends = gather(0, 16, (key) => this.#send(key));
  }

  async start(): Promise<void> {
    await this.people.start();
  }

  /** Sends what waits; what is not taken in a second is lost. */
  async close(): Promise<void> {
    const { promise: limit, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, CLOSE_MS);
    await Promise.race([this.#finish(), limit]);
    clearTimeout(timer);
    await this.people.close();
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    const parts = [this.#rooms, this.#reads, this.#sends];
    while (parts.some((part) => part.busy)) await Promise.all(parts.map((part) => part.idle()));
  }

  async #finish(): Promise<void> {
    await this.#rooms.close();
    await this.#reads.close();
    await this.#sends.close();
  }

  committed(
    room: string,
    events: readonly RoomEvent[],
    mentions: readonly MentionChange[] = [],
  ): void {
    if (!this.people.any) return;
    for (const event of events) {
      if (event.type === "members") this.#left(room, event);
      if (event.type !== "posted" && event.type !== "deleted") continue;
      const pending = this.#pend(room);
      if (!pending) return;
      if (event.type === "posted") pending.from = Math.min(pending.from, event.seq);
      else pending.deleted.add(event.message);
    }
    const calls = mentions.length > 0 ? callsIn(events, mentions) : [];
    if (calls.length === 0) return;
    const pending = this.#pend(room);
    if (pending) pending.calls = [...pending.calls, ...calls].slice(-MAX_CALLS);
  }

  /** What is to be told of a room, once it is time; `null` when too much waits. */
  #pend(room: string): Pending | null {
    if (!this.#rooms.add(room)) return null;
    const pending = this.#pending.get(room) ?? { from: Infinity, deleted: new Set(), calls: [] };
    this.#pending.set(room, pending);
    return pending;
  }

  read(user: string, room: string): void {
    if (this.people.has(user)) this.#reads.add(`${user} ${room}`);
  }

  /** Who is no member any more keeps no notification either. */
  #left(room: string, { what, people }: MembersEvent): void {
    if (what !== "left" && what !== "removed") return;
    for (const user of people) this.read(user, room);
  }

  async #tellRoom(roomId: string): Promise<void> {
    const pending = this.#pending.get(roomId);
    this.#pending.delete(roomId);
    const wanted = pending?.calls.map(({ message }) => message);
    const news = pending && await readNews(this.#kv, roomId, wanted);
    if (!news) return;
    const people = news.room.members.filter((id) => this.people.has(id) && concerns(pending, id));
    for (let i = 0; i < people.length; i += SIDE_BY_SIDE) {
      const some = people.slice(i, i + SIDE_BY_SIDE);
      await Promise.all(some.map((user) => this.#tell(user, news, pending)));
    }
  }

  async #tell(user: string, news: RoomNews, occasion: Pending): Promise<void> {
    if (occasion.deleted.size === 0 && this.#options.isLooking(user)) return;
    for (let tries = 0; tries < MAX_CLAIMS; tries++) {
      const plan = await planFor(this.#kv, user, news, { occasion, now: this.#now() });
      if (!plan) return;
      const devices = await this.#devicesOf(user);
      if (devices.length === 0) return;
      const at = plan.notice.alert ? this.#now() : plan.from.value?.at ?? 0;
      if (!await claimPushed(this.#kv, plan.from, { ...plan.mark, at })) continue;
      const job = { user, room: news.room.id, push: pushOf(plan), plan, tries: 0 };
      for (const device of devices) this.#ask({ ...job, device, plannedAt: this.#now() });
      return;
    }
  }

  /** The room was read or left: who takes the mark away tells the devices that may show it still. */
  async #tellRead(key: string): Promise<void> {
    const [user, room] = key.split(" ");
    const mark = await getPushed(this.#kv, user, room);
    if (mark.value === null || await isUnread(this.#kv, user, room, mark.value.seq)) return;
    if (!await dropPushed(this.#kv, mark)) return;
    const text = JSON.stringify({ type: "read", room });
    const push: Push = { text, urgency: "low", subject: room };
    const job = { user, room, push, plan: null, plannedAt: this.#now(), tries: 0 };
    for (const device of await this.#devicesOf(user)) {
      if (await this.#mayClear(user, device)) this.#ask({ ...job, device });
    }
  }

  async #mayClear(user: string, { id, endpoint, session }: PushDevice): Promise<boolean> {
    if (NEVER_SILENT.test(new URL(endpoint).hostname)) return false;
    if (this.#options.isOpen(user, session)) return false;
    try {
      await takeFromBucket(this.#kv, CLEARINGS, id);
      return true;
    } catch (error) {
      if (error instanceof RateLimitedError) return false;
      throw error;
    }
  }

  /** A person's devices; those whose session has ended are removed. */
  async #devicesOf(user: string): Promise<PushDevice[]> {
    const devices = await listPushDevices(this.#kv, user);
    const live = await Promise.all(
      devices.map(({ session }) => isSessionLive(this.#kv, session)),
    );
    const ended = devices.filter((_, i) => !live[i]);
    for (const { id } of ended) await removePushDevice(this.#kv, user, id);
    return devices.filter((_, i) => live[i]);
  }

  #ask(job: Job, waitMs?: number): void {
    const key = keyOf(job);
    if (this.#sends.add(key, waitMs)) this.#jobs.set(key, job);
  }

  async #send(key: string): Promise<void> {
    const job = this.#jobs.get(key);
    this.#jobs.delete(key);
    const push = job && await this.#current(job);
    if (!job || !push) return;
    const outcome = await this.sender.send(job.device, push);
    if (outcome === "gone") await removePushDevice(this.#kv, job.user, job.device.id);
    if (typeof outcome === "object") this.#again(job, outcome.afterMs);
  }

  /** What has to show something is tried again; whatever came after it is sent in its place. */
  #again(job: Job, afterMs: number | null): void {
    const { againMs } = this.#times;
    if (!job.plan || job.tries >= againMs.length || (afterMs ?? 0) > MAX_AGAIN_MS) return;
    const waitMs = Math.max(afterMs ?? 0, againMs[job.tries]);
    if (this.#jobs.has(keyOf(job))) return;
    this.#ask({ ...job, tries: job.tries + 1, plannedAt: -Infinity }, waitMs);
  }

  /** The push as it would be said now; `null` when there is nothing to say any more. */
  async #current({ user, device, room, push, plan, plannedAt }: Job): Promise<Push | null> {
    const now = this.#now();
    if (!plan || now - plannedAt < STALE_MS) return push;
    const news = await readNews(this.#kv, room, [plan.seq]);
    if (!news || !(await this.#devicesOf(user)).some(({ id }) => id === device.id)) return null;
    const occasion = { again: plan.seq, alert: plan.notice.alert };
    const current = await planFor(this.#kv, user, news, { occasion, now });
    return current && pushOf(current);
  }
}

/** Whether there can be anything for a person: what is posted or deleted is for all. */
function concerns({ from, deleted, calls }: Pending, user: string): boolean {
  return from < Infinity || deleted.size > 0 || calls.some((call) => isCalled(call, user));
}

function keyOf({ device, room }: Pick<Job, "device" | "room">): string {
  return `${device.id} ${room}`;
}

function pushOf({ notice, urgency }: Plan): Push {
  return { text: JSON.stringify(notice), urgency, subject: notice.room };
}
