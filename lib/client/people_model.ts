/**
 * The people list: a filter, the people it finds page by page, and whether there are more.
 *
 * The filter is debounced; an answer to an older filter is ignored. Until the first answer the
 * list is the server-rendered page.
 */

import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { MAX_PAGE_PEOPLE, MAX_QUERY_CHARS, PAGE_PEOPLE } from "../chat/limits.ts";
import { foldName, matchesTerms, nameTerms } from "../chat/text.ts";
import type { PeoplePage } from "../chat/pages.ts";
import type { Person, PersonLine } from "../chat/people.ts";
import type { Clock } from "./ports.ts";
import type { Ask } from "./requests.ts";

/** Milliseconds without typing before the filter is asked for. */
export const DEBOUNCE_MS = 150;

/** What a {@link PeopleModel} is made of. */
export interface PeopleOptions {
  page: PeoplePage;
  /** Number of the newest account that `page` surely knows of. */
  joined: number;
  q: string;
  ask: Ask;
  clock: Clock;
  /** People came into the list. */
  found(people: PersonLine[]): void;
  failed(error: unknown): void;
}

/** The filtered list of people. */
export class PeopleModel {
  /** What the filter field holds; set it. */
  readonly query: Signal<string>;
  readonly list: ReadonlySignal<PersonLine[]>;
  readonly more: ReadonlySignal<boolean>;
  readonly loading: ReadonlySignal<boolean>;
  readonly #list: Signal<PersonLine[]>;
  readonly #more: Signal<boolean>;
  readonly #loading = signal(false);
  readonly #options: PeopleOptions;
  /** The filter that `list` answers, or that is being asked for. */
  #asked: string;
  #next: string | null;
  #joined: number;
  #round = 0;
  #timer: number | null = null;
  #stop: (() => void) | null = null;

  constructor(options: PeopleOptions) {
    this.#options = options;
    this.#asked = normal(options.q);
    this.#next = options.page.next;
    this.#joined = options.joined;
    this.query = signal(options.q);
    this.list = this.#list = signal(options.page.people);
    this.more = this.#more = signal(this.#next !== null);
    this.loading = this.#loading;
  }

  /** Begins to follow `query`. */
  start(): void {
    this.#stop ??= this.query.subscribe((query) => this.#typed(normal(query)));
  }

  close(): void {
    this.#stop?.();
    this.#stop = null;
    this.#options.clock.clearTimeout(this.#timer ?? 0);
  }

  /** Adds the next page; resolves when it is there, or at once when there is none. */
  async loadMore(): Promise<void> {
    if (this.#next === null || this.#loading.peek()) return;
    await this.#load(this.#next);
  }

  /** A new connection: asks anew if accounts were made that this tab was not told of. */
  live(joined: number): void {
    if (joined <= this.#joined) return;
    this.#joined = joined;
    const shown = Math.max(PAGE_PEOPLE, this.#list.peek().length);
    void this.#load(null, Math.min(MAX_PAGE_PEOPLE, shown));
  }

  /** New accounts up to this one: shows those that belong between the people that are loaded. */
  joined(newcomers: Person[], seq: number): void {
    this.#joined = Math.max(this.#joined, seq);
    const list = [...this.#list.peek()];
    const terms = nameTerms(this.#asked);
    for (const person of newcomers) {
      if (list.some(({ id }) => id === person.id) || !matchesTerms(person, terms)) continue;
      const before = list.findIndex((other) => foldName(other.name) > foldName(person.name));
      if (before < 0 && this.#next !== null) continue;
      list.splice(before < 0 ? list.length : before, 0, { ...person, online: false, seenAt: null });
    }
    this.#list.value = list;
  }

  #typed(query: string): void {
    const { clock } = this.#options;
    clock.clearTimeout(this.#timer ?? 0);
    this.#timer = null;
    if (query === this.#asked) return;
    this.#timer = clock.setTimeout(() => {
      this.#timer = null;
      this.#asked = query;
      void this.#load(null);
    }, DEBOUNCE_MS);
  }

  async #load(after: string | null, limit?: number): Promise<void> {
    const round = ++this.#round;
    this.#loading.value = true;
    try {
      const q = this.#asked;
      const question = { ...(q && { q }), ...(after && { after }), ...(limit && { limit }) };
      const answer = await this.#options.ask("people", question);
      if (round === this.#round) this.#answered(answer, after);
    } catch (error) {
      if (round === this.#round) this.#failed(error);
    }
  }

  #answered({ people, next }: PeoplePage, after: string | null): void {
    const before = after === null ? [] : this.#list.peek();
    const known = new Set(before.map(({ id }) => id));
    batch(() => {
      this.#next = next;
      this.#list.value = [...before, ...people.filter(({ id }) => !known.has(id))];
      this.#more.value = next !== null;
      this.#loading.value = false;
      this.#options.found(people);
    });
  }

  #failed(error: unknown): void {
    this.#loading.value = false;
    this.#options.failed(error);
  }
}

function normal(query: string): string {
  let cut = query.toWellFormed().trim().slice(0, MAX_QUERY_CHARS);
  if (!cut.isWellFormed()) cut = cut.slice(0, -1);
  return cut;
}
