/** Changes of messages, as random steps and as drafts; and what they must lead to, naively. */

import fc from "fast-check";
import type { Draft } from "../../lib/store/drafts.ts";

export type Name = "ada" | "ben";

/** Something that a person does in a room. `n` names a message by its how-manieth. */
export type Step =
  | { what: "post"; by: Name }
  | { what: "edit" | "delete"; by: Name; n: number }
  | { what: "react"; by: Name; n: number; emoji: string; on: boolean }
  | { what: "pin"; by: Name; n: number; on: boolean };

const by = fc.constantFrom<Name>("ada", "ben");
const n = fc.nat(12);

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant("post" as const), by }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom("edit", "delete"), by, n }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant("react" as const),
      by,
      n,
      emoji: fc.constantFrom("👍", "❤️"),
      on: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant("pin" as const), by, n, on: fc.boolean() }),
  },
);

/** A message as it must be. */
export interface Naive {
  by: Name;
  text: string;
  deleted: boolean;
  reactions: Map<string, Set<Name>>;
  pinned: boolean;
}

const UNTOUCHED = () => ({ deleted: false, pinned: false, reactions: new Map() });

/** A room by the rules alone: what each step does, one after the other. */
export class NaiveRoom {
  /** By `seq`. */
  readonly messages = new Map<number, Naive>();
  seq = 0;

  /** Whether the step is allowed; then it is done. */
  take(one: Step, message: number, text: string): boolean {
    if (one.what === "post") {
      this.messages.set(++this.seq, { by: one.by, text, ...UNTOUCHED() });
      return true;
    }
    const target = this.messages.get(message);
    if (!target || target.deleted) return false;
    if (one.what === "react") {
      const people = target.reactions.get(one.emoji) ?? new Set();
      if (one.on) people.add(one.by);
      else people.delete(one.by);
      target.reactions.set(one.emoji, people);
    } else if (one.what === "pin") target.pinned = one.on;
    else if (target.by !== one.by) return false;
    else if (one.what === "edit") target.text = text;
    else Object.assign(target, { ...UNTOUCHED(), text: "", deleted: true });
    this.seq++;
    return true;
  }

  /** The `seq` of the n-th message, or of none. */
  seqOf(n: number): number {
    return [...this.messages.keys()][n] ?? 999;
  }

  /** Messages by others after a pointer that were not deleted. */
  unread(reader: Name, pointer: number): number {
    return [...this.messages].filter(([seq, { by, deleted }]) =>
      seq > pointer && by !== reader && !deleted
    ).length;
  }
}

/** What the step appends to a room. */
export function draftOf(
  step: Step,
  { room = "r1", id, message, text }: { room?: string; id: string; message: number; text: string },
): Draft {
  const base = { room, by: step.by, id };
  switch (step.what) {
    case "post":
      return { ...base, type: "posted", text };
    case "edit":
      return { ...base, type: "edited", message, text };
    case "delete":
      return { ...base, type: "deleted", message };
    case "react":
      return { ...base, type: "reacted", message, emoji: step.emoji, on: step.on };
    case "pin":
      return { ...base, type: "pinned", message, on: step.on };
  }
}
