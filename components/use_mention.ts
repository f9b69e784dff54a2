/**
 * The behaviour of the list that completes names: what is typed, who fits, which is chosen, its keys,
 * and what a screen reader is told.
 */

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { type TypedMention, typedMention } from "../lib/chat/mention_typed.ts";
import { ALL } from "../lib/chat/mentions.ts";
import { foldName } from "../lib/chat/text.ts";
import type { PeoplePage } from "../lib/chat/pages.ts";
import type { Person } from "../lib/chat/people.ts";
import { MAX_SHOWN, MentionFinder, type Sources } from "./mention_finder.ts";
import type { RoomModel } from "./models.ts";

/** The list's id; its options' have their place behind it. */
export const LIST = "mention-list";

/** Where names are typed. */
export interface Field {
  current: HTMLTextAreaElement | null;
}

/** Somebody, or with `null` everyone. */
export interface Choice {
  username: string;
  person: Person | null;
  /** Not in the room: nobody tells them. */
  isStranger?: true;
}

/** What is being typed, until it is taken or the list is closed. */
export function useTyped(field: Field) {
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
  /** Absent while nobody is chosen: the keys are the field's own then. */
  take?(): void;
  close(): void;
}

/** Hears keys before the composer does: as long as the list is there they are for the list. */
export function useKeys(field: Field, isOpen: boolean, keys: Keys): void {
  const now = useRef<Keys | null>(null);
  now.current = isOpen ? keys : null;
  useLayoutEffect(() => {
    const node = field.current!;
    const hear = (event: KeyboardEvent) => {
      if (event.isComposing || event.keyCode === 229 || event.shiftKey || event.ctrlKey) return;
      if (!now.current) return;
      const { move, take, close } = now.current;
      if (event.key === "ArrowDown") move(1);
      else if (event.key === "ArrowUp") move(-1);
      else if (take && (event.key === "Enter" || event.key === "Tab")) take();
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    if (isOpen) node.addEventListener("keydown", hear, { capture: true });
    return () => node.removeEventListener("keydown", hear, { capture: true });
  }, [isOpen]);
}

/** Who fits to what is typed: of a direct room the other, of a group whom the server finds. */
export function useChoices(room: RoomModel, query: string | null): Choice[] {
  const [, redraw] = useState(0);
  const finder = useMemo(() => {
    const changed = () => redraw((n) => n + 1);
    return new MentionFinder(sourcesOf(room), { me: room.actions.viewer.id, changed });
  }, []);
  useLayoutEffect(() => { // before the next key: what it takes must fit
    finder.seek(query);
    redraw((n) => n + 1);
  }, [query]);
  useEffect(() => () => finder.close(), []);
  if (query === null || !finder.isAnswered) return [];
  const { members, others } = finder.found;
  const strangers = others.map((person) => ({ ...choiceOf(person), isStranger: true as const }));
  const { group } = room.summary.peek();
  const mayAll = group && group.role !== "member" && ALL.startsWith(foldName(query));
  const everyone = mayAll ? [{ username: ALL, person: null }] : [];
  return [...members.map(choiceOf), ...everyone, ...strangers].slice(0, MAX_SHOWN);
}

function choiceOf(person: Person): Choice {
  return { username: person.username, person };
}

function sourcesOf(room: RoomModel): Sources {
  if (!room.summary.peek().group) return { members: () => Promise.resolve(room.others) };
  return { members: (q, limit) => room.actions.members(q, limit), people: findPeople };
}

/** Anybody on the site whose names begin so. */
async function findPeople(q: string, limit: number, signal: AbortSignal): Promise<Person[]> {
  const query = new URLSearchParams({ q, limit: String(limit) });
  const response = await fetch(`/api/people?${query}`, { signal });
  if (!response.ok) throw new Error(`Finding people failed with ${response.status}`);
  return (await response.json() as PeoplePage).people;
}

/** Which choice is taken next; at first the first member, and none (-1) while only others fit. */
export function useActive(choices: readonly Choice[], typed: TypedMention | null) {
  const [moved, setMoved] = useState<string | null>(null);
  useLayoutEffect(() => setMoved(null), [typed?.at, typed?.query]);
  const first = choices.length > 0 && !choices[0].isStranger ? 0 : -1;
  const at = choices.findIndex(({ username }) => username === moved);
  const active = at < 0 ? first : at;
  const move = (step: 1 | -1) => {
    const next = active < 0 && step < 0 ? choices.length - 1 : active + step;
    setMoved(choices[(next + choices.length) % choices.length].username);
  };
  return { active, move };
}

/** Puts the name in the place of what was typed, and a blank behind it. */
export function complete(node: HTMLTextAreaElement, { at }: TypedMention, username: string): void {
  const caret = node.selectionEnd;
  const blank = node.value[caret] === " " ? "" : " ";
  node.setRangeText(`@${username}${blank}`, at, caret, "end");
  node.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/** What a screen reader is told of the list; a field of several lines is no combobox. */
export function describe(node: HTMLTextAreaElement, active: number | null): void {
  const isOpen = active !== null;
  const said = {
    "aria-autocomplete": isOpen && "list",
    "aria-controls": isOpen && LIST,
    "aria-activedescendant": isOpen && active >= 0 && `${LIST}-${active}`,
  };
  for (const [name, value] of Object.entries(said)) {
    if (value === false) node.removeAttribute(name);
    else node.setAttribute(name, value);
  }
}
