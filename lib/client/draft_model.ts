/**
 * What the viewer is writing in one room: the composer's text and the message that it answers. Saved
 * on the server a second after the last key, so that it is there on their other devices, and until
 * then kept on this one.
 *
 * What is being typed is never replaced. A draft of another device is taken only while this one has
 * nothing of its own that the server does not know, and not under the cursor: a field that has the
 * focus and a text keeps it until the focus goes. Of two devices that typed, the last to be saved
 * has the say on the server; each keeps its own until it is saved or sent.
 */

import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { DRAFT_MS, MAX_TEXT_CHARS } from "../chat/limits.ts";
import { countChars } from "../chat/text.ts";
import type { RoomDraft } from "../chat/values.ts";
import type { Clock } from "./ports.ts";
import type { Ask } from "./requests.ts";

/** The drafts of this device that the server does not know yet; `at` is when they were typed. */
export interface DraftStore {
  load(): ReadonlyMap<string, RoomDraft>;
  /** Keeps a room's draft, or with `null` nothing any more. */
  keep(room: string, draft: RoomDraft | null): void;
}

/** What a draft needs. */
export interface DraftOptions {
  room: string;
  ask: Ask;
  clock: Clock;
  store: DraftStore;
}

/** One room's draft. */
export class DraftModel {
  readonly text: ReadonlySignal<string>;
  /** `seq` of the message that it answers. */
  readonly reply: ReadonlySignal<number | undefined>;
  readonly #text: Signal<string>;
  readonly #reply: Signal<number | undefined>;
  readonly #options: DraftOptions;
  /** As the server last told it. */
  #base: RoomDraft;
  /** There is something here that the server does not know. */
  #touched = false;
  /** The server's is another and waits for the focus to go. */
  #later = false;
  #focused = false;
  #saving = false;
  #timer: number | null = null;

  constructor(draft: RoomDraft | undefined, options: DraftOptions) {
    this.#options = options;
    this.#base = draft ?? { text: "", at: 0 };
    this.text = this.#text = signal(this.#base.text);
    this.reply = this.#reply = signal(this.#base.reply);
  }

  /** The viewer typed. */
  typed(text: string): void {
    if (text !== this.#text.peek()) this.#edit(text, this.#reply.peek());
  }

  /** The viewer chose a message to answer, or none. */
  answer(seq: number | undefined): void {
    if (seq !== this.#reply.peek()) this.#edit(this.#text.peek(), seq);
  }

  /** What was written is a message now. */
  sent(): void {
    this.#edit("", undefined);
    void this.#save();
  }

  /** The composer has the focus, or has it no more. */
  focus(focused: boolean): void {
    this.#focused = focused;
    if (focused) return;
    if (this.#later) this.#take();
    void this.#save();
  }

  /** The server has this draft, whoever saved it. An older one than is known is old news. */
  hear(draft: RoomDraft): void {
    if (draft.at < this.#base.at) return;
    this.#base = draft;
    this.#later = false;
    if (this.#isBase()) this.#confirmed();
    else if (this.#touched) return;
    else if (this.#focused && this.#text.peek() !== "") this.#later = true;
    else this.#take();
  }

  /** A summary: without a draft the server has none. */
  summarized(draft: RoomDraft | undefined): void {
    this.hear(draft ?? { text: "", at: this.#base.at });
  }

  /** What this device kept when the page was left; the last to be typed counts. */
  recall(kept: RoomDraft): void {
    if (kept.at <= this.#base.at || this.#touched) {
      return this.#options.store.keep(this.#room, null);
    }
    this.#edit(kept.text, kept.reply);
  }

  /** A new connection: saves what the last one could not. */
  reconnected(): void {
    if (this.#touched) void this.#save();
  }

  close(): void {
    this.#options.clock.clearTimeout(this.#timer ?? 0);
  }

  get #room(): string {
    return this.#options.room;
  }

  #edit(text: string, reply: number | undefined): void {
    const { clock, store } = this.#options;
    this.#show(text, reply);
    this.#touched = true;
    this.#later = false;
    store.keep(this.#room, { text, at: clock.now(), ...reply !== undefined && { reply } });
    clock.clearTimeout(this.#timer ?? 0);
    this.#timer = clock.setTimeout(() => void this.#save(), DRAFT_MS);
  }

  /** One at a time, so that the last one is the last; what came meanwhile follows. */
  async #save(): Promise<void> {
    const { text, reply } = this.#content();
    if (!this.#touched || this.#saving || countChars(text) > MAX_TEXT_CHARS) return;
    if (text === "" && this.#base.text === "") return this.#confirmed();
    this.#saving = true;
    const question = { room: this.#room, text, ...reply !== undefined && { reply } };
    const answer = await this.#options.ask("draft", question)
      .catch(() => null); // it stays on this device until the next key or connection
    this.#saving = false;
    if (answer) this.#saved({ text, reply, at: answer.at });
  }

  #saved(draft: RoomDraft): void {
    const now = this.#content();
    const isLast = now.text === draft.text && now.reply === draft.reply;
    if (isLast) this.#confirmed();
    this.hear(draft.at < this.#base.at ? this.#base : draft);
    if (!isLast) void this.#save();
  }

  /** The server has what is here. */
  #confirmed(): void {
    if (!this.#touched) return;
    this.#touched = false;
    this.#options.clock.clearTimeout(this.#timer ?? 0);
    this.#options.store.keep(this.#room, null);
  }

  #take(): void {
    this.#later = false;
    this.#show(this.#base.text, this.#base.reply);
  }

  #isBase(): boolean {
    const { text, reply } = this.#content();
    return text === this.#base.text && reply === this.#base.reply;
  }

  /** What there is to save: that an answer is begun is nothing yet. */
  #content(): { text: string; reply?: number } {
    const text = this.#text.peek();
    return { text, reply: text === "" ? undefined : this.#reply.peek() };
  }

  #show(text: string, reply: number | undefined): void {
    batch(() => {
      this.#text.value = text;
      this.#reply.value = reply;
    });
  }
}
