/**
 * Completes the name after an `@` in the composer: a list above the field, members only. The focus
 * stays in the field; arrow keys choose, Enter and Tab take, Escape closes. An input method's keys
 * are left to it. Its code is loaded when somebody first types an `@`.
 */

import { useEffect, useRef, useState } from "preact/hooks";
import { type TypedMention, typedMention } from "../lib/chat/mention_typed.ts";
import { ALL } from "../lib/chat/mentions.ts";
import { foldName } from "../lib/chat/text.ts";
import type { Person } from "../lib/chat/people.ts";
import { Avatar } from "./Avatar.tsx";
import { cx } from "./cx.ts";
import { GroupIcon } from "./Icons.tsx";
import type { RoomModel } from "./models.ts";
import { displayName } from "./names.ts";

const MAX_SHOWN = 6;
const LIST = "mention-list";

interface MentionBoxProps {
  room: RoomModel;
  field: { current: HTMLTextAreaElement | null };
}

/** Somebody, or with `null` everyone. */
interface Choice {
  username: string;
  person: Person | null;
}

export default function MentionBox({ room, field }: MentionBoxProps) {
  const { typed, close } = useTyped(field);
  const choices = useChoices(room, typed?.query ?? null);
  const [active, setActive] = useState(0);
  useEffect(() => setActive(0), [typed?.at, choices]);
  const isOpen = typed !== null && choices.length > 0;
  const take = ({ username }: Choice) => {
    complete(field.current!, typed!, username);
    close();
  };
  useKeys(field, isOpen, {
    move: (step) => setActive((active + step + choices.length) % choices.length),
    take: () => take(choices[active] ?? choices[0]),
    close,
  });
  useEffect(() => describe(field.current!, isOpen ? active : null), [isOpen, active]);
  return (
    <div class="mention-box">
      <p class="sr-only" role="status">{isOpen && `${choices.length} to choose from`}</p>
      {isOpen && (
        <ul id={LIST} role="listbox" aria-label="People to mention" class="mention-list rise">
          {choices.map((choice, i) => (
            <Option
              key={choice.username}
              id={`${LIST}-${i}`}
              choice={choice}
              active={i === active}
              onTake={() => take(choice)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

function Option(
  { id, choice: { person, username }, active, onTake }: {
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

/** What is being typed, until it is taken or the list is closed. */
function useTyped(field: MentionBoxProps["field"]) {
  const [typed, setTyped] = useState<TypedMention | null>(null);
  const closedAt = useRef<number | null>(null);
  useEffect(() => {
    const node = field.current!;
    const look = () => {
      const { selectionStart: caret, selectionEnd, value } = node;
      const isHere = document.activeElement === node && caret === selectionEnd;
      const found = isHere ? typedMention(value, caret) : null;
      if (found?.at !== closedAt.current) closedAt.current = null;
      setTyped(closedAt.current === null ? found : null);
    };
    const events = ["input", "click", "focus", "blur", "keyup", "compositionend"];
    for (const name of events) node.addEventListener(name, look);
    look();
    return () => {
      for (const name of events) node.removeEventListener(name, look);
    };
  }, []);
  const close = () => {
    closedAt.current = typed?.at ?? null;
    setTyped(null);
  };
  return { typed, close };
}

interface Keys {
  move(step: 1 | -1): void;
  take(): void;
  close(): void;
}

/** Hears keys before the composer does: while the list is open they are for the list. */
function useKeys(field: MentionBoxProps["field"], isOpen: boolean, keys: Keys): void {
  const now = useRef<Keys | null>(null);
  now.current = isOpen ? keys : null; // the listener goes only after the paint
  useEffect(() => {
    const node = field.current!;
    const hear = (event: KeyboardEvent) => {
      if (event.isComposing || event.keyCode === 229 || event.shiftKey || event.ctrlKey) return;
      if (!now.current) return;
      const { move, take, close } = now.current;
      if (event.key === "ArrowDown") move(1);
      else if (event.key === "ArrowUp") move(-1);
      else if (event.key === "Enter" || event.key === "Tab") take();
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    if (isOpen) node.addEventListener("keydown", hear, { capture: true });
    return () => node.removeEventListener("keydown", hear, { capture: true });
  }, [isOpen]);
}

/** Those whose names begin so: of a direct room the other, of a group whom the server finds. */
function useChoices(room: RoomModel, query: string | null): Choice[] {
  const [choices, setChoices] = useState<Choice[]>([]);
  useEffect(() => {
    let isCurrent = true;
    if (query === null) return setChoices([]);
    find(room, query).then((found) => isCurrent && setChoices(found), () => {});
    return () => isCurrent = false;
  }, [query]);
  return choices;
}

async function find(room: RoomModel, query: string): Promise<Choice[]> {
  const { group } = room.summary.peek();
  const { id: me } = room.actions.viewer;
  const members = group ? await room.actions.members(query) : room.others.filter(begins(query));
  const people = members.filter(({ id }) => id !== me)
    .map((person) => ({ username: person.username, person }));
  const mayAll = group && group.role !== "member" && ALL.startsWith(foldName(query));
  return [...people, ...mayAll ? [{ username: ALL, person: null }] : []].slice(0, MAX_SHOWN);
}

function begins(query: string): (person: Person) => boolean {
  const wanted = foldName(query);
  return ({ name, username }) =>
    [username, ...name.split(/\s+/)].some((word) => foldName(word).startsWith(wanted));
}

/** Puts the name in the place of what was typed, and a blank behind it. */
function complete(node: HTMLTextAreaElement, { at }: TypedMention, username: string): void {
  const caret = node.selectionEnd;
  const blank = node.value[caret] === " " ? "" : " ";
  node.setRangeText(`@${username}${blank}`, at, caret, "end");
  node.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/** What a screen reader is told of the list; a field of several lines is no combobox. */
function describe(node: HTMLTextAreaElement, active: number | null): void {
  const said = {
    "aria-autocomplete": "list",
    "aria-controls": LIST,
    "aria-activedescendant": `${LIST}-${active}`,
  };
  for (const [name, value] of Object.entries(said)) {
    if (active === null) node.removeAttribute(name);
    else node.setAttribute(name, value);
  }
}
