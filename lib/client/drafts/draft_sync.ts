/**
 * Keeps one room's draft and the server's the same: saves it a second after the last key, and until
 * the server has it, on this device.
 *
 * What is being typed is never replaced. A draft of another device is taken only while this one has
 * nothing of its own that the server does not know, and not under the cursor: a field that has the
 * focus and a text keeps it until the focus goes. Of two devices that typed, the last to be saved
 * has the say on the server; each keeps its own until it is saved or sent.
 */

import { DRAFT_MS, MAX_TEXT_CHARS } from "../../chat/limits.ts";
import { countChars } from "../../chat/text.ts";
import type { RoomDraft } from "../../chat/rooms.ts";
import type { DraftOptions, DraftState, DraftStore } from "../draft_model.ts";

/** The saving of one room's draft. */
export class DraftSync {
  readonly #options: DraftOptions;
  readonly #store: DraftStore;
  /** What the composer shows; `touched`: there is something that the server does not know. */
  readonly #state: DraftState;
  /** As the server last told it. */
  #base: RoomDraft;
  /** The server's is another and waits for the focus to go. */
  #later = false;
  #focused = false;
  #saving = false;
  #timer: number | null = null;

  constructor(state: DraftState, options: DraftOptions, store: DraftStore) {
    this.#state = state;
    this.#options = options;
    this.#store = store;
    this.#base = state.base;
  }

  /** The viewer changed the text or the message that it answers. */
  edited(): void {
    const { clock, room } = this.#options;
    const { text, reply } = this.#state;
    const draft = { text: text.peek(), at: clock.now() };
    this.#state.touched = true;
    this.#later = false;
    this.#store.keep(room, { ...draft, ...reply.peek() !== undefined && { reply: reply.peek() } });
    clock.clearTimeout(this.#timer ?? 0);
    this.#timer = clock.setTimeout(() => void this.save(), DRAFT_MS);
  }

  /** The composer has the focus, or has it no more. */
  focus(focused: boolean): void {
    this.#focused = focused;
    if (focused) return;
    if (this.#later) this.#take();
    void this.save();
  }

  /** The server has this draft, whoever saved it. An older one than is known is old news. */
  hear(draft: RoomDraft): void {
    if (draft.at < this.#base.at) return;
    this.#base = draft;
    this.#later = false;
    if (this.#isBase()) this.#confirmed();
    else if (this.#state.touched) return;
    else if (this.#focused && this.#state.text.peek() !== "") this.#later = true;
    else this.#take();
  }

  /** A summary: without a draft the server has none. */
  summarized(draft: RoomDraft | undefined): void {
    this.hear(draft ?? { text: "", at: this.#base.at });
  }

  /** What this device kept when the page was left; the last to be typed counts. */
  recall(kept: RoomDraft): void {
    const { touched, show } = this.#state;
    if (kept.at <= this.#base.at || touched) return this.#store.keep(this.#options.room, null);
    show(kept);
    this.edited();
  }

  /** One at a time, so that the last one is the last; what came meanwhile follows. */
  async save(): Promise<void> {
    const { text, reply } = this.#content();
    if (!this.#state.touched || this.#saving || countChars(text) > MAX_TEXT_CHARS) return;
    if (text === "" && this.#base.text === "") return this.#confirmed();
    this.#saving = true;
    const { ask, room } = this.#options;
    const answer = await ask("draft", { room, text, ...reply !== undefined && { reply } })
      .catch(() => null); // it stays on this device until the next key or connection
    this.#saving = false;
    if (answer) this.#saved({ text, reply, at: answer.at });
  }

  close(): void {
    this.#options.clock.clearTimeout(this.#timer ?? 0);
  }

  #saved(draft: RoomDraft): void {
    const now = this.#content();
    const isLast = now.text === draft.text && now.reply === draft.reply;
    if (isLast) this.#confirmed();
    this.hear(draft.at < this.#base.at ? this.#base : draft);
    if (!isLast) void this.save();
  }

  /** The server has what is here. */
  #confirmed(): void {
    if (!this.#state.touched) return;
    this.#state.touched = false;
    this.close();
    this.#store.keep(this.#options.room, null);
  }

  #take(): void {
    this.#later = false;
    this.#state.show(this.#base);
  }

  #isBase(): boolean {
    const { text, reply } = this.#content();
    return text === this.#base.text && reply === this.#base.reply;
  }

  /** What there is to save: that an answer is begun is nothing yet. */
  #content(): { text: string; reply?: number } {
    const text = this.#state.text.peek();
    return { text, reply: text === "" ? undefined : this.#state.reply.peek() };
  }
}
