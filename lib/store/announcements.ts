/**
 * The site's log: what everybody with a socket is told. An announcement may be lost when a process
 * ends in the wrong moment; the people list that it speaks of is right all the same.
 */

import type { Person } from "../chat/people.ts";
import { retryConflicts } from "./conflicts.ts";
import { keys } from "./keys.ts";
import { appendToLog, type LogHead } from "./logs.ts";

/** The one log of its kind. */
export const SITE = ["site", "people"] as const;

/** Tells everybody that a person has an account now. */
export async function announcePerson(kv: Deno.Kv, person: Person): Promise<void> {
  await retryConflicts(async () => {
    const head = await kv.get<LogHead>(keys.head(SITE));
    const atomic = kv.atomic();
    appendToLog(atomic, SITE, { head, value: person });
    return (await atomic.commit()).ok || null;
  }).catch((error) => console.error("Announcing a new person failed.", error));
}
