/**
 * Finds whom somebody may mean who types a name after an `@`: members of the room, and in a group,
 * where these are few, others of the site. What was found is filtered here at every key; the server
 * is asked once the typing pauses, and only what an earlier answer does not tell.
 */

import { matchesTerms, nameTerms } from "../lib/chat/text.ts";
import type { Person } from "../lib/chat/people.ts";
import type { Clock } from "../lib/client/ports.ts";

/** Milliseconds without typing before the server is asked. */
export const PAUSE_MS = 150;
/** People that are shown at once. */
export const MAX_SHOWN = 6;
/** Others among them; nobody of these hears of the mention. */
const MAX_OTHERS = 3;

/** Where people are asked for. Less than `limit` people in an answer are all there are. */
export interface Sources {
  /** Members whose names begin so. */
  members(query: string, limit: number): Promise<Person[]>;
  /** Anybody; absent where only members count. */
  people?(query: string, limit: number, signal: AbortSignal): Promise<Person[]>;
}

/** What tells how long somebody pauses. */
export type Timers = Pick<Clock, "setTimeout" | "clearTimeout">;

const TIMERS: Timers = {
  // A number in every browser; only the types of Node, which tests bring in, say otherwise.
  setTimeout: (run, ms) => Number(globalThis.setTimeout(run, ms)),
  clearTimeout: (id) => globalThis.clearTimeout(id),
};

/** For whom a finder works. */
export interface FinderOptions {
  /** The viewer, whom nobody needs to find. */
  me: string;
  /** Something else is found. */
  changed(): void;
  timers?: Timers;
}

/** What fits to what was typed. */
export interface Found {
  members: Person[];
  /** Those who are not in the room. */
  others: Person[];
}

interface Answer {
  query: string;
  people: Person[];
  /** There are no more than these. */
  isAll: boolean;
}

type Kind = keyof Found;
/** Asked for at once: members that are shown and oneself; people with all members that were found. */
const LIMITS: Record<Kind, number> = { members: MAX_SHOWN + 2, others: MAX_SHOWN + MAX_OTHERS };

const NOBODY: Found = { members: [], others: [] };

/** One person's search for one name after another. */
export class MentionFinder {
  readonly #sources: Sources;
  readonly #options: FinderOptions;
  readonly #timers: Timers;
  #query: string | null = null;
  #answers: Partial<Record<Kind, Answer>> = {};
  #timer = 0;
  #asking = new AbortController();

  constructor(sources: Sources, options: FinderOptions) {
    this.#sources = sources;
    this.#options = options;
    this.#timers = options.timers ?? TIMERS;
  }

  /** This much is typed; `null`: nothing is any more, and what was found is forgotten. */
  seek(query: string | null): void {
    if (query === this.#query) return;
    this.close();
    if (query === null) this.#answers = {};
    const isFirst = this.#query === null;
    this.#query = query;
    if (query === null || this.#missing(query) === null) return;
    this.#timer = this.#timers.setTimeout(() => void this.#ask(query), isFirst ? 0 : PAUSE_MS);
  }

  /** Asks for nothing more. */
  close(): void {
    this.#timers.clearTimeout(this.#timer);
    this.#asking.abort();
  }

  /** Whether anything is known of the members yet: a list is not opened in parts. */
  get isAnswered(): boolean {
    return this.#answers.members !== undefined;
  }

  /** Who fits, of those who were found so far. */
  get found(): Found {
    if (this.#query === null) return NOBODY;
    const { members = [], others = [] } = this.#fitting(this.#query);
    const { me } = this.#options;
    const known = new Set([me, ...members.map(({ id }) => id)]);
    const isStranger = ({ id }: Person) => !known.has(id);
    const shown = members.filter(({ id }) => id !== me).slice(0, MAX_SHOWN);
    const places = Math.min(MAX_OTHERS, MAX_SHOWN - shown.length);
    return { members: shown, others: others.filter(isStranger).slice(0, places) };
  }

  #fitting(query: string): Partial<Found> {
    const terms = nameTerms(query);
    const fit = (answer: Answer | undefined) =>
      answer?.people.filter((person) => matchesTerms(person, terms));
    // Others are strangers only beside all members whose names fit.
    const hasAll = tells(this.#answers.members, query) && this.#answers.members!.isAll;
    return {
      members: fit(this.#answers.members),
      ...hasAll && { others: fit(this.#answers.others) },
    };
  }

  /** What must be asked to know more; `null` for nothing. */
  #missing(query: string): Kind | null {
    const { members, others } = this.#answers;
    if (!tells(members, query)) return "members";
    const { people } = this.#sources;
    if (!people || !members!.isAll || nameTerms(query).length === 0) return null;
    return this.found.members.length < MAX_SHOWN && !tells(others, query) ? "others" : null;
  }

  /** One question after the other: whether others are asked for is told by the members. */
  async #ask(query: string): Promise<void> {
    const { signal } = this.#asking = new AbortController();
    for (let kind = this.#missing(query); kind; kind = this.#missing(query)) {
      const limit = LIMITS[kind];
      try {
        const people = kind === "members"
          ? await this.#sources.members(query, limit)
          : await this.#sources.people!(query, limit, signal);
        if (signal.aborted) return;
        this.#answers[kind] = { query, people, isAll: people.length < limit };
      } catch {
        return; // the next key asks again
      }
      this.#options.changed();
    }
  }
}

/** Whether an answer tells all about a query: it is to the same, or complete and to a shorter one. */
function tells(answer: Answer | undefined, query: string): boolean {
  return answer !== undefined &&
    (answer.query === query || answer.isAll && query.startsWith(answer.query));
}
