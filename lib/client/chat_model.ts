/**
 * The chat as one tab knows it: rooms, people, presence, connection. The island makes one from the
 * page's data, draws its signals and calls its methods; making one opens nothing.
 *
 * The model makes its parts and joins them, nothing more: which fact is for which part is in
 * `hearing`, which rooms there are in `rooms_model`, what a room does with its events in
 * `room_model`, what becomes of posts in `outbox`. All facts of one message are applied as one
 * change of the signals.
 */

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { DEFAULT_UPLOAD_BYTES } from "../chat/limits.ts";
import type { FactOf } from "../chat/facts.ts";
import type { ChatData } from "../chat/pages.ts";
import type { Person, Presence } from "../chat/people.ts";
import { Changes } from "./changes.ts";
import { FilesModel } from "./files_model.ts";
import { Hearing } from "./hearing.ts";
import type { ModelDeps, Outside } from "./model_deps.ts";
import { Outbox } from "./outbox.ts";
import { PeopleDirectory } from "./people_directory.ts";
import { PeopleModel } from "./people_model.ts";
import { PresenceModel } from "./presence_model.ts";
import { Requests } from "./requests.ts";
import type { RoomHost } from "./room_host.ts";
import type { RoomModel } from "./room_model.ts";
import { RoomsModel } from "./rooms_model.ts";
import type { Connection, Socket } from "./socket.ts";
import { VERSION } from "./version.ts";

export type { Entry } from "./event_window.ts";
export type { RoomModel } from "./room_model.ts";
export type { PeopleModel } from "./people_model.ts";
export type { Connection } from "./socket.ts";

/** What could not be loaded is tried again after this, in milliseconds. */
const AGAIN_MS = 5_000;

/** The client's model of the chat. */
export class ChatModel {
  readonly me: Person;
  readonly connection: ReadonlySignal<Connection>;
  /** While `waiting`: epoch milliseconds of the next try. */
  readonly retryAt: ReadonlySignal<number | null>;
  /** Newest message on top. */
  readonly rooms: ReadonlySignal<RoomModel[]>;
  /** There are older rooms than these on the server. */
  readonly moreRooms: ReadonlySignal<boolean>;
  /** Messages unread in all rooms but the muted ones. */
  readonly unread: ReadonlySignal<number>;
  /** The open one. */
  readonly room: ReadonlySignal<RoomModel | null>;
  readonly people: PeopleModel;
  /** Who anybody is whom something on screen names. */
  readonly directory: PeopleDirectory;
  /** A short error to show. */
  readonly notice: ReadonlySignal<string | null>;
  readonly #notice = signal<string | null>(null);
  readonly #deps: ModelDeps;
  readonly #state = {
    connection: signal<Connection>("connecting"),
    retryAt: signal<number | null>(null),
  };
  /** Until what it is made by is there, nothing is sent. */
  #socket: Socket | null = null;
  readonly #requests: Requests;
  readonly #outbox: Outbox;
  readonly #files: FilesModel;
  readonly #changes: Changes;
  readonly #presence: PresenceModel;
  readonly #rooms: RoomsModel;
  readonly #hearing: Hearing;
  #attentive = false;
  #there = false;
  #stops: (() => void)[] = [];

  constructor(data: ChatData, deps: ModelDeps) {
    const { clock } = deps;
    this.#deps = deps;
    this.me = data.me;
    const send: RoomHost["send"] = (frame) => this.#socket?.send(frame) ?? false;
    this.#requests = new Requests(send, clock);
    this.#presence = new PresenceModel([...data.presence, ...data.people.people], send);
    this.#outbox = new Outbox({
      ...deps,
      send,
      troubled: () => this.#notify("Unsent messages cannot be kept on this device."),
    });
    this.#files = new FilesModel(deps.openDesk, {
      maxBytes: data.maxFileBytes ?? DEFAULT_UPLOAD_BYTES,
      entries: this.#outbox.entries,
      changed: (file, error) => this.#outbox.fileChanged(file, error),
      look: () => this.#outbox.look(),
      notify: (notice) => this.#notify(notice),
    });
    this.#changes = new Changes({ ...deps, send });
    const ask = this.#requests.ask.bind(this.#requests);
    this.directory = new PeopleDirectory(async (people) => (await ask("who", { people })).people);
    this.directory.add([data.me, ...data.people.people]);
    this.people = new PeopleModel({
      page: data.people,
      joined: data.joined,
      q: data.q,
      ask,
      clock,
      found: (people) => {
        this.#presence.update(people);
        this.directory.add(people);
      },
      failed: () => this.#notify("People could not be loaded."),
    });
    this.#rooms = new RoomsModel({
      me: data.me,
      clock,
      outbox: this.#outbox,
      files: this.#files,
      directory: this.directory,
      openDrafts: deps.openDrafts,
      ask,
      rooms: () => this.#rooms.list.peek().map(({ summary }) => summary.peek()),
      make: (change) => this.#changes.make(change),
      send,
      running: () => this.#stops.length > 0,
      attentive: () => this.#attentive && this.#socket?.live === true,
      notify: (notice) => this.#notify(notice),
    });
    this.#hearing = new Hearing({
      clock,
      requests: this.#requests,
      outbox: this.#outbox,
      changes: this.#changes,
      presence: this.#presence,
      rooms: this.#rooms,
      welcomed: (fact) => this.#welcomed(fact),
      joined: ({ people, seq }) => {
        this.directory.add(people);
        this.people.joined(people.filter(({ id }) => id !== this.me.id), seq);
      },
    });
    this.connection = this.#state.connection;
    this.retryAt = this.#state.retryAt;
    this.rooms = this.#rooms.list;
    this.moreRooms = this.#rooms.more;
    this.unread = computed(() => sum(this.rooms.value.map((room) => room.counted.value)));
    this.room = this.#rooms.open;
    this.notice = this.#notice;
    this.#rooms.fill(data);
  }

  /** Connects, and shows what the outbox kept. */
  start(): void {
    if (this.#stops.length > 0) return;
    this.#stops = [this.#followWatched()];
    this.#deps.openDrafts().then((desk) => this.#rooms.recall(desk.load()), () => {}); // none here
    this.#files.start();
    this.people.start();
    this.#goOutside();
  }

  /** A browser that cannot load what it needs for that now tries again. */
  #goOutside(): void {
    const outside = this.#deps.outside();
    if (!(outside instanceof Promise)) return this.#begin(outside);
    outside.then((outside) => this.#begin(outside), () => {
      this.#deps.clock.setTimeout(() => this.#stops.length > 0 && this.#goOutside(), AGAIN_MS);
    });
  }

  #begin(outside: Outside): void {
    if (this.#stops.length === 0) return;
    this.#stops.push(outside.wakeups.listen(() => this.wake()));
    void this.#outbox.start(outside);
    this.#socket ??= outside.connect({
      ...this.#deps,
      state: this.#state,
      hello: () => ({ type: "hello", version: VERSION, cursors: this.#rooms.cursors() }),
      hear: (fact) => this.#hearing.hear(fact),
      lost: () => this.#outbox.setLive(false),
    });
    this.#socket.start();
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#hearing.close();
    this.people.close();
    this.#socket?.close();
    this.#outbox.close();
    this.#files.close();
    this.#requests.close();
    this.#changes.close();
    this.#rooms.close();
  }

  /** The person's presence, kept current while a room or the people list shows them. */
  presence(id: string): ReadonlySignal<Presence> {
    return this.#presence.of(id);
  }

  /** Opens a known room, or none. */
  openRoom(id: string | null): void {
    const room = id === null ? null : this.#rooms.get(id) ?? null;
    if (id !== null && room === null) this.#notify("That conversation is not here.");
    this.#rooms.show(room);
  }

  /** The id of the direct room with a person, which is made if need be; rejects when it cannot. */
  async openPerson(id: string): Promise<string> {
    const known = this.#rooms.all().find((room) =>
      room.summary.peek().kind === "direct" && room.others.some((person) => person.id === id)
    );
    if (known) return known.id;
    try {
      const { room } = await this.#requests.ask("open", { with: id });
      this.#rooms.add(room);
      return room.id;
    } catch (error) {
      this.#notify("The conversation could not be opened.");
      throw error;
    }
  }

  /** Whether the page is visible and focused, and whether somebody is there who does something. */
  setAttention(attentive: boolean, there = attentive): void {
    if (there !== this.#there) this.#socket?.send({ type: "attention", focused: there });
    this.#there = there;
    this.#attentive = attentive;
    if (attentive) this.room.peek()?.attend();
  }

  dismissNotice(): void {
    this.#notice.value = null;
  }

  /** Now would be a good time: cuts the wait for the next connection short. */
  wake(): void {
    this.#socket?.wake();
    this.#files.desk.peek()?.uploads.wake();
    this.#outbox.look();
  }

  #welcomed(fact: FactOf<"welcome">): void {
    // Another account signed in meanwhile: this page's outbox must not be sent in its name.
    if (fact.me.id !== this.me.id) return this.#socket?.end("signed_out");
    this.#rooms.welcome(fact);
    this.#requests.live(); // before the rooms ask anew, which would go out twice
    for (const room of this.#rooms.all()) room.reconnected();
    this.#presence.live();
    this.directory.live();
    this.people.live(fact.joined);
    this.#changes.live();
    if (this.#there) this.#socket?.send({ type: "attention", focused: true });
    this.#outbox.setLive(true);
    this.#outbox.look();
  }

  /** Watches whom the open room, the people list and the rooms show, in this order. */
  #followWatched(): () => void {
    const shown = computed(() =>
      [
        ...this.room.value?.others ?? [],
        ...this.room.value?.members.ids.value.map((id) => ({ id })) ?? [],
        ...this.rooms.value.slice(0, 100).flatMap((room) => room.others),
        ...this.people.list.value,
        ...this.rooms.value.flatMap((room) => room.others),
      ].map(({ id }) => id)
    );
    return shown.subscribe((ids) => this.#presence.watch(ids));
  }

  #notify(notice: string): void {
    this.#notice.value = notice;
  }
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
