/**
 * What the viewer is writing in one room: the composer's text and the message that it answers. This
 * is only the door: what saves it and keeps it the same on all devices, with its rules, is in
 * `drafts/draft_sync.ts`, and loaded when there is something to do.
 */

import { batch, type Signal, signal } from "@preact/signals";
import type { RoomDraft } from "../chat/rooms.ts";
import type { DraftSync } from "./drafts/draft_sync.ts";
import type { Clock } from "./ports.ts";
import type { Ask } from "./requests.ts";

/** The drafts of this device that the server does not know yet; `at` is when they were typed. */
export interface DraftStore {
  load(): ReadonlyMap<string, RoomDraft>;
  /** Keeps a room's draft, or with `null` nothing any more. */
  keep(room: string, draft: RoomDraft | null): void;
}

/** What works on drafts. */
export interface DraftDesk extends DraftStore {
  sync(state: DraftState, options: DraftOptions): DraftSync;
}

/** Loads the desk. */
export type OpenDrafts = () => Promise<DraftDesk>;

/** What a draft needs. */
export interface DraftOptions {
  room: string;
  ask: Ask;
  clock: Clock;
}

/** A draft as it is here, shared with what saves it. */
export interface DraftState {
  readonly text: Signal<string>;
  readonly reply: Signal<number | undefined>;
  /** As the server told it when the page was made, or since, until the desk was opened. */
  base: RoomDraft;
  /** There is something here that the server does not know. */
  touched: boolean;
  show(draft: { text: string; reply?: number }): void;
}

/** One room's draft. */
export class DraftModel {
  readonly #state: DraftState;
  readonly #open: () => Promise<DraftSync>;
  #opening: Promise<DraftSync> | null = null;
  #sync: DraftSync | null = null;

  constructor(draft: RoomDraft | undefined, options: DraftOptions, open: OpenDrafts) {
    const base = draft ?? { text: "", at: 0 };
    const [text, reply] = [signal(base.text), signal(base.reply)];
    const show = (draft: { text: string; reply?: number }) =>
      batch(() => {
        text.value = draft.text;
        reply.value = draft.reply;
      });
    this.#state = { text, reply, base, touched: false, show };
    this.#open = async () => this.#sync = (await open()).sync(this.#state, options);
  }

  get text(): DraftState["text"] {
    return this.#state.text;
  }

  /** `seq` of the message that it answers. */
  get reply(): DraftState["reply"] {
    return this.#state.reply;
  }

  /** The viewer typed. */
  typed(text: string): void {
    if (text !== this.text.peek()) this.#edit({ text, reply: this.reply.peek() });
  }

  /** The viewer chose a message to answer, or none. */
  answer(reply: number | undefined): void {
    if (reply !== this.reply.peek()) this.#edit({ text: this.text.peek(), reply });
  }

  /** What was written is a message now. */
  sent(): void {
    this.#edit({ text: "" });
    this.#with((sync) => void sync.save());
  }

  /** The composer has the focus, or has it no more. */
  focus(focused: boolean): void {
    if (focused || this.#opening) this.#with((sync) => sync.focus(focused));
  }

  /** The server has this draft, whoever saved it. */
  hear(draft: RoomDraft): void {
    if (this.#opening) return this.#with((sync) => sync.hear(draft));
    if (draft.at < this.#state.base.at) return;
    this.#state.base = draft;
    this.#state.show(draft);
  }

  /** A summary: without a draft the server has none. */
  summarized(draft: RoomDraft | undefined): void {
    if (this.#opening) this.#with((sync) => sync.summarized(draft));
    else this.hear(draft ?? { text: "", at: this.#state.base.at });
  }

  /** What this device kept when the page was left. */
  recall(kept: RoomDraft): void {
    this.#with((sync) => sync.recall(kept));
  }

  /** A new connection: saves what the last one could not. */
  reconnected(): void {
    if (this.#state.touched) this.#with((sync) => void sync.save());
  }

  close(): void {
    this.#sync?.close();
  }

  #edit(draft: { text: string; reply?: number }): void {
    this.#state.touched = true;
    this.#state.show(draft);
    this.#with((sync) => sync.edited());
  }

  /** In the order of the calls, at once when the desk is open. Without one a draft stays here. */
  #with(act: (sync: DraftSync) => void): void {
    if (this.#sync) return act(this.#sync);
    this.#opening ??= this.#open();
    this.#opening.then(act, () => this.#opening = null);
  }
}
