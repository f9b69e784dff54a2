/**
 * Which part of the model each fact of the server is for, answers and errors among them: a refusal
 * goes to whoever sent the command, by its `ref` or `id`, and what is refused only for now is asked
 * for again.
 */

import type { ErrorCode, Fact, FactOf } from "../chat/facts.ts";
import type { Changes } from "./changes.ts";
import type { Outbox } from "./outbox.ts";
import type { Clock } from "./ports.ts";
import type { PresenceModel } from "./presence_model.ts";
import type { Requests } from "./requests.ts";
import type { RoomsModel } from "./rooms_model.ts";

/** Errors after which the same command is sent again, and when if the server does not say. */
const FOR_NOW: ReadonlySet<ErrorCode> = new Set(["rate_limited", "overloaded", "internal"]);
const AGAIN_MS = 5_000;

/** The parts of the model that facts are for. */
export interface Hearers {
  clock: Clock;
  requests: Requests;
  outbox: Outbox;
  changes: Changes;
  presence: PresenceModel;
  rooms: RoomsModel;
  /** A new connection greeted. */
  welcomed(fact: FactOf<"welcome">): void;
  /** There are new accounts. */
  joined(fact: FactOf<"joined">): void;
}

/** What the server says, in one tab. */
export class Hearing {
  readonly #parts: Hearers;
  #watchTimer: number | null = null;

  constructor(parts: Hearers) {
    this.#parts = parts;
  }

  /** The next fact. */
  hear(fact: Fact): void {
    const { rooms, requests } = this.#parts;
    switch (fact.type) {
      case "welcome":
        return this.#parts.welcomed(fact);
      case "resumed":
        return rooms.get(fact.room)?.resumed(fact);
      case "events":
        return rooms.receive(fact.room, fact.events);
      case "ack":
        return this.#acked(fact);
      case "page":
      case "versions":
      case "people":
      case "opened":
      case "who":
      case "members":
      case "pins":
      case "saves":
        return requests.answer(fact);
      case "saved":
        return this.#saved(fact);
      case "room":
        return void rooms.add(fact.room);
      case "left":
        return rooms.leave(fact.room);
      case "typing":
        return rooms.get(fact.room)?.typing.hear(fact.by);
      case "read":
        return rooms.get(fact.room)?.readTo(fact);
      case "draft":
        if (fact.ref !== undefined) return requests.answer(fact);
        return rooms.get(fact.room)?.draft.hear(fact);
      case "receipts":
        if (fact.ref !== undefined) return requests.answer(fact);
        return rooms.get(fact.room)?.receipts.hear(fact.people);
      case "settings":
        for (const room of rooms.all()) room.showReceipts(fact.receipts);
        return;
      case "flags":
        rooms.get(fact.room)?.flagged(fact);
        return requests.answer(fact);
      case "presence":
        return this.#parts.presence.update(fact.people);
      case "joined":
        return this.#parts.joined(fact);
      case "error":
        return this.#refused(fact);
    }
  }

  close(): void {
    this.#parts.clock.clearTimeout(this.#watchTimer ?? 0);
  }

  #acked(fact: FactOf<"ack">): void {
    const { changes, outbox, rooms } = this.#parts;
    if (changes.acked(fact.id)) return;
    const entry = outbox.settle(fact.room, fact.id);
    if (entry) rooms.get(fact.room)?.acked(fact, entry);
  }

  #saved({ ref, ...fact }: FactOf<"saved">): void {
    const { requests, rooms } = this.#parts;
    if (ref !== undefined) requests.answer({ ref, ...fact });
    rooms.get(fact.room)?.saves.hear(fact);
  }

  #refused(error: FactOf<"error">): void {
    const { requests, changes } = this.#parts;
    if (error.ref !== undefined) requests.refuse(error.ref, error);
    else if (error.id !== undefined) changes.refuse(error) || this.#refusedPost(error);
    else if (FOR_NOW.has(error.code)) {
      this.#refusedForNow(error.room, error.retryAfterMs ?? AGAIN_MS);
    }
  }

  /** A message for a room that is not the viewer's any more has nowhere to be shown, or to go. */
  #refusedPost(error: FactOf<"error">): void {
    const { rooms, outbox } = this.#parts;
    const { code, room = "", id = "" } = error;
    if (code === "not_found" && !rooms.get(room)) outbox.settle(room, id);
    else outbox.refuse(error);
  }

  /** Of the commands that name no `ref` or `id`, `read` names a room and `watch` does not. */
  #refusedForNow(room: string | undefined, retryAfterMs: number): void {
    if (room !== undefined) this.#parts.rooms.get(room)?.readRefused(retryAfterMs);
    else this.#watchAgain(retryAfterMs);
  }

  #watchAgain(ms: number): void {
    const { clock, presence } = this.#parts;
    clock.clearTimeout(this.#watchTimer ?? 0);
    this.#watchTimer = clock.setTimeout(() => presence.live(), ms);
  }
}
