/**
 * What the viewer does to a room and its stored messages: each a command that resolves once the server
 * has stored it, or tells the user why it did not.
 */

import { normalizeText } from "../chat/text.ts";
import type { Pin } from "../chat/pages.ts";
import type { Person } from "../chat/people.ts";
import type { RoomSummary } from "../chat/rooms.ts";
import type { Change } from "./changes.ts";
import type { RoomHost } from "./room_host.ts";

/** Changes of one room's messages. Each resolves to false, with a notice, when it failed. */
export class RoomActions {
  readonly viewer: Person;
  readonly #room: string;
  readonly #host: RoomHost;

  constructor(room: string, host: RoomHost) {
    this.#room = room;
    this.#host = host;
    this.viewer = host.me;
  }

  /** Gives a message of the viewer's another text. */
  edit(seq: number, text: string): Promise<boolean> {
    return this.#make({ type: "edit", room: this.#room, message: seq, text: normalizeText(text) });
  }

  /** Deletes a message of the viewer's for everyone. */
  delete(seq: number): Promise<boolean> {
    return this.#make({ type: "delete", room: this.#room, message: seq });
  }

  /** Puts an emoji under a message, or takes the viewer's own back. */
  react(seq: number, reaction: { emoji: string; on: boolean }): Promise<boolean> {
    return this.#make({ type: "react", room: this.#room, message: seq, ...reaction });
  }

  /** Pins a message for everybody in the room, or takes it down. */
  pin(seq: number, on: boolean): Promise<boolean> {
    return this.#make({ type: "pin", room: this.#room, message: seq, on });
  }

  /** Where a message can be forwarded to, newest on top. */
  targets(): RoomSummary[] {
    return this.#host.rooms().filter(({ id }) => id !== this.#room);
  }

  /** Posts what a message says in another room. */
  forward(seq: number, room: string): Promise<boolean> {
    return this.#make({ type: "forward", room, from: { room: this.#room, message: seq } });
  }

  /** Members of the group whose names begin so. Rejects when they cannot be had. */
  async members(q: string, limit: number): Promise<Person[]> {
    const { members } = await this.#host.ask("members", { room: this.#room, q, limit });
    this.#host.directory.add(members);
    return members.map(({ id, username, name }) => ({ id, username, name }));
  }

  /** What is pinned, the last pinned first. Rejects when that cannot be had. */
  async pins(): Promise<Pin[]> {
    const { pins } = await this.#host.ask("pins", { room: this.#room });
    return pins;
  }

  /** All texts that a message had, the first one first. Rejects when they cannot be had. */
  async versions(seq: number): Promise<{ at: number; text: string }[]> {
    const { versions } = await this.#host.ask("versions", { room: this.#room, message: seq });
    return versions;
  }

  /** Mutes the room or marks it as unread, or takes that back. */
  async flag(change: { muted?: boolean; marked?: boolean }): Promise<boolean> {
    try {
      await this.#host.ask("flag", { room: this.#room, ...change });
      return true;
    } catch {
      this.#host.notify("The conversation could not be changed.");
      return false;
    }
  }

  async #make(change: Change): Promise<boolean> {
    try {
      await this.#host.make(change);
      return true;
    } catch (error) {
      this.#host.notify(error instanceof Error ? error.message : String(error));
      return false;
    }
  }
}
