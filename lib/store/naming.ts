/**
 * Whom drafts mention, among those who were members when they were taken. Names that are not known
 * yet are read by the commit itself: so a draft keeps its place among its author's, whatever KV does.
 */

import { mentionsOf, possibleNames } from "../chat/mentions.ts";
import { getIdsByName } from "./accounts.ts";
import type { Draft, Naming } from "./drafts.ts";

type Texted = Extract<Draft, { text: string }>;

/** The names in drafts that are not known yet are learnt, and the drafts say whom they mention. */
export async function nameAll<B extends { drafts: Draft[] }>(
  kv: Deno.Kv,
  batches: readonly B[],
): Promise<readonly B[]> {
  const waiting = batches.flatMap(({ drafts }) => drafts.filter(isWaiting));
  if (waiting.length === 0) return batches;
  const names = new Set(waiting.flatMap(({ text }) => possibleNames(text)));
  const found = await getIdsByName(kv, [...names]);
  for (const { naming: { known } } of waiting) {
    for (const [name, id] of found) known.set(name, id);
  }
  return batches.map((batch) => ({
    ...batch,
    drafts: batch.drafts.map((draft) => isWaiting(draft) ? named(draft, draft.naming) : draft),
  }));
}

function isWaiting(draft: Draft): draft is Texted & { naming: Naming } {
  return "text" in draft && draft.naming !== undefined;
}

/** A draft with whom it mentions, by the names that are known. `@all` of one who may not is text. */
export function named(
  { naming: _, ...draft }: Texted,
  { members, mayAll, known }: Naming,
): Draft {
  const isMember = new Set(members);
  const { people, all } = mentionsOf(draft.text, (name) => {
    const id = known.get(name);
    return id !== undefined && isMember.has(id) ? id : undefined;
  });
  return { ...draft, ...people.length > 0 && { mentions: people }, ...all && mayAll && { all } };
}
