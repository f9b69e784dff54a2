/**
 * People as everybody may know them. Nothing here is a stored record: `lib/store` converts
 * explicitly, so a secret field can never leave by accident. It is so with all the public shapes:
 * of `events.ts`, `file_refs.ts`, `rooms.ts` and `pages.ts` too.
 *
 * Ids are opaque strings. Times are epoch milliseconds, called `…At`.
 */

/** What everyone may know of a person. `username` is unique, `name` is free text. */
export interface Person {
  id: string;
  username: string;
  name: string;
}

/** Whether a person has a live connection, and when they last had one (`null`: never, or unknown). */
export interface Presence {
  id: string;
  online: boolean;
  seenAt: number | null;
}

/** One line of the people list. */
export interface PersonLine extends Person {
  online: boolean;
  seenAt: number | null;
}
