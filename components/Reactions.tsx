/** The emoji under a message: how many people chose each, who they are, and a way to join them. */

import type { Reaction } from "../lib/chat/events.ts";
import { cx } from "./cx.ts";
import type { Names } from "./names.ts";

interface ReactionsProps {
  reactions: readonly Reaction[];
  me: string;
  /** What people are called, by id. */
  names: Names;
  onToggle(emoji: string, on: boolean): void;
}

export function Reactions({ reactions, me, names, onToggle }: ReactionsProps) {
  return (
    <ul role="list" class="flex flex-wrap gap-1 pb-1" aria-label="Reactions">
      {reactions.map(({ emoji, by }) => {
        const mine = by.includes(me);
        const people = peopleIn(by, me, names);
        return (
          <li key={emoji}>
            <button
              type="button"
              class={cx("reaction", mine && "reaction-mine")}
              aria-pressed={mine}
              aria-label={`${emoji} ${by.length}, ${people}`}
              title={people}
              data-emoji={emoji}
              onClick={() => onToggle(emoji, !mine)}
            >
              {emoji} <span class="tabular-nums">{by.length}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** People named under an emoji, at most. */
const MOST = 20;

/** `Ada, Bob and you`; of more than {@link MOST} the rest are counted. */
export function peopleIn(by: readonly string[], me: string, names: Names): string {
  const others = by.filter((id) => id !== me);
  const named = others.slice(0, MOST).map((id) => names.get(id) ?? "Someone");
  const rest = others.length - named.length;
  const all = [
    ...named,
    ...rest > 0 ? [rest === 1 ? "1 other" : `${rest} others`] : [],
    ...by.includes(me) ? [others.length > 0 ? "you" : "You"] : [],
  ];
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}
