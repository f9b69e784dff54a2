/**
 * Moves between the chat's pages without loading them: plain clicks on links to the list or a known
 * room, back and forward, Escape on phones, arrow keys in the lists, and the ways into search.
 * Modified clicks, other links and rooms that are not here are left to the browser.
 */

import { useEffect } from "preact/hooks";
import type { ChatModel } from "./models.ts";

const NARROW = "(max-width: 859.98px)";

/** Opens a room, or the list with `null`, as a step in the browser's history. */
export function goTo(model: ChatModel, id: string | null): void {
  const path = id === null ? "/chat" : `/chat/${id}`;
  if (location.pathname !== path || location.search !== "") history.pushState(null, "", path);
  if (id !== null) model.people.query.value = "";
  model.openRoom(id);
}

/** Listens for as long as the component lives; `onSearch` opens the search that the path is of. */
export function useNavigation(model: ChatModel, onSearch: (path: string) => void): void {
  useEffect(() => {
    const click = (event: MouseEvent) => followLink(model, event, onSearch);
    const key = (event: KeyboardEvent) => {
      if (!isSearchKey(event)) return followKey(model, event);
      event.preventDefault();
      onSearch("/search");
    };
    const back = () => followAddress(model);
    document.addEventListener("click", click);
    document.addEventListener("keydown", key);
    globalThis.addEventListener("popstate", back);
    const stop = model.room.subscribe((room) => room ?? leaveAddress(model));
    return () => {
      stop();
      document.removeEventListener("click", click);
      document.removeEventListener("keydown", key);
      globalThis.removeEventListener("popstate", back);
    };
  }, [model]);
}

function followLink(model: ChatModel, event: MouseEvent, onSearch: (path: string) => void): void {
  closeMenus(event.target);
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey &&
    !event.altKey && !event.defaultPrevented;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const person = plain && link?.dataset.person;
  if (person) return followPerson(model, event, person);
  if (!plain || !link || link.target || link.origin !== location.origin) return;
  if (link.hasAttribute("data-search")) {
    event.preventDefault();
    return onSearch(link.pathname + link.search);
  }
  if (link.search) return;
  const id = roomIn(link.pathname);
  if (id === undefined || (id !== null && !knows(model, id))) return;
  event.preventDefault();
  goTo(model, id);
}

/** A name in a message: opens the conversation with its person. */
function followPerson(model: ChatModel, event: MouseEvent, person: string): void {
  event.preventDefault();
  model.openPerson(person).then((room) => goTo(model, room), () => {}); // the model says why not
}

/** The open room is gone: its address leads nowhere now. */
function leaveAddress(model: ChatModel): void {
  const id = roomIn(location.pathname);
  if (typeof id === "string" && !knows(model, id)) history.replaceState(null, "", "/chat");
}

function followAddress(model: ChatModel): void {
  const id = roomIn(location.pathname);
  if (id === undefined || (id !== null && !knows(model, id))) location.reload();
  else model.openRoom(id);
}

/** The room of a path: its id, `null` for the list, `undefined` for any other page. */
function roomIn(path: string): string | null | undefined {
  const match = path.match(/^\/chat(?:\/([\w-]+))?\/?$/);
  return match ? match[1] ?? null : undefined;
}

function knows(model: ChatModel, id: string): boolean {
  return model.rooms.peek().some((room) => room.id === id);
}

function followKey(model: ChatModel, event: KeyboardEvent): void {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === "Escape") escape(model, event);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event);
}

/** Ctrl+K, ⌘K, and a slash that is not typed into a field. */
function isSearchKey({ key, ctrlKey, metaKey, target, isComposing }: KeyboardEvent): boolean {
  if (isComposing) return false;
  if (ctrlKey || metaKey) return key === "k";
  return key === "/" && !(target as Element).closest("input,textarea");
}

function escape(model: ChatModel, event: KeyboardEvent): void {
  const menu = document.querySelector<HTMLDetailsElement>("details[data-menu][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  } else if (isFilter(event.target)) {
    model.people.query.value = "";
  } else if (model.room.peek() && matchMedia(NARROW).matches) goTo(model, null);
}

/** From the filter into the rows, and from row to row. */
function step(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  const isRow = target.hasAttribute("data-row");
  if (!isRow && !isFilter(target)) return;
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.indexOf(target) + (event.key === "ArrowDown" ? 1 : -1);
  const next = at < 0 ? document.getElementById("filter") : rows[at];
  if (!next || (!isRow && event.key === "ArrowUp")) return;
  event.preventDefault();
  next.focus();
}

function isFilter(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.id === "filter";
}

function closeMenus(target: EventTarget | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]")) {
    if (!(target instanceof Node && menu.contains(target))) menu.open = false;
  }
}
