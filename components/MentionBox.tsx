/**
 * Completes the name after an `@` in the composer: a list above the field, of members and, in a
 * group, of others whose names fit: they cannot read it, and the list says so. The focus stays in
 * the field; arrow keys choose, Enter and Tab take, Escape closes. While only others fit none of
 * them is chosen, so Enter sends what was typed. An input method's keys are left to it. Its code is
 * loaded when somebody first types an `@`.
 */

import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { Avatar } from "./Avatar.tsx";
import { cx } from "./cx.ts";
import { GroupIcon } from "./Icons.tsx";
import type { RoomModel } from "./models.ts";
import { displayName } from "./names.ts";
import {
  type Choice,
  complete,
  describe,
  type Field,
  LIST,
  useActive,
  useChoices,
  useKeys,
  useTyped,
} from "./use_mention.ts";

interface MentionBoxProps {
  room: RoomModel;
  field: Field;
}

export default function MentionBox({ room, field }: MentionBoxProps) {
  const { typed, close } = useTyped(field);
  const choices = useChoices(room, typed?.query ?? null);
  const { active, move } = useActive(choices, typed);
  const [said, setSaid] = useState("");
  const isOpen = typed !== null && choices.length > 0;
  const take = (choice: Choice) => {
    complete(field.current!, typed!, choice.username);
    setSaid(choice.isStranger ? `@${choice.username} is not in this group and is not told.` : "");
    close();
  };
  const chosen = choices[active];
  useEffect(() => {
    if (isOpen) setSaid("");
  }, [isOpen]);
  useKeys(field, isOpen, { move, take: chosen && (() => take(chosen)), close });
  useLayoutEffect(() => describe(field.current!, isOpen ? active : null), [isOpen, active]);
  const option = (choice: Choice, i: number) => (
    <Option
      key={choice.username}
      id={`${LIST}-${i}`}
      choice={choice}
      active={i === active}
      onTake={() => take(choice)}
    />
  );
  const members = choices.filter(({ isStranger }) => !isStranger);
  const strangers = choices.slice(members.length);
  return (
    <div class="mention-box">
      <p class="sr-only" role="status">{isOpen ? countWords(members, strangers) : said}</p>
      {isOpen && (
        <ul id={LIST} role="listbox" aria-label="People to mention" class="mention-list rise">
          {members.map(option)}
          {strangers.length > 0 && <StrangersHead between={members.length > 0} />}
          {strangers.map((choice, i) =>
            option(choice, members.length + i)
          )}
        </ul>
      )}
    </div>
  );
}

/** Each of them says it too, in fewer words: a list has no headings for a screen reader. */
function StrangersHead({ between }: { between: boolean }) {
  return (
    <li
      role="presentation"
      aria-hidden="true"
      class={cx("mention-head text-xs text-muted", between && "mention-head-between")}
    >
      Not in this group: they cannot read it and are not told
    </li>
  );
}

function Option(
  { id, choice: { person, username, isStranger }, active, onTake }: {
    id: string;
    choice: Choice;
    active: boolean;
    onTake(): void;
  },
) {
  return (
    <li
      id={id}
      role="option"
      aria-selected={active}
      class={cx("row min-h-0", active && "row-current")}
      onPointerDown={(event) => event.preventDefault()} // the focus stays in the field
      onClick={onTake}
    >
      {person ? <Avatar person={person} size="head" /> : <Everyone />}
      <span class="flex-1 min-w-0">
        <span class="block truncate text-left text-sm font-semibold" dir="auto">
          {person ? displayName(person) : "Everyone in the group"}
        </span>
        <span class="block truncate text-xs text-muted leading-4">
          <bdi>@{username}</bdi>
          {isStranger && <span class="sr-only">, not in this group</span>}
        </span>
      </span>
    </li>
  );
}

function Everyone() {
  return (
    <span class="grid place-items-center flex-none size-9 rounded-full bg-hover text-muted">
      <GroupIcon />
    </span>
  );
}

function countWords(members: readonly Choice[], strangers: readonly Choice[]): string {
  const outside = strangers.length > 0 ? `${strangers.length} not in this group` : "";
  const inside = members.length > 0 ? `${members.length} to choose from` : "";
  return [inside, outside].filter(Boolean).join(", ");
}
