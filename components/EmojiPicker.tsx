/**
 * All emoji by group, with a search by name and the ones used last. Its code and its list are
 * loaded when somebody opens it.
 */

import { asset } from "fresh/runtime";
import { useEffect, useRef, useState } from "preact/hooks";
import { nextInGrid } from "./grid_keys.ts";
import { readRecent } from "./recent_emoji.ts";

type Group = [name: string, emoji: [emoji: string, name: string][]];

/** Matches of a search that are shown. */
const MAX_FOUND = 60;

let loading: Promise<Group[]> | null = null;

/** The list, fetched once; after a failure again. */
function load(): Promise<Group[]> {
  loading ??= fetch(asset("/emoji.json")).then((response) => response.json());
  loading.catch(() => loading = null);
  return loading;
}

interface EmojiPickerProps {
  onPick(emoji: string): void;
  onClose(): void;
}

export default function EmojiPicker({ onPick, onClose }: EmojiPickerProps) {
  const [groups, setGroups] = useState<Group[] | null>(null);
  const [failed, setFailed] = useState(false);
  const [query, setQuery] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    load().then(setGroups, () => setFailed(true));
  }, []);
  const view = useRef<HTMLElement>(null);
  const key = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      onClose();
    } else walk(event, { field: field.current!, view: view.current! });
  };
  return (
    <section ref={view} class="message-editor" aria-label="Choose an emoji" onKeyDown={key}>
      <div class="flex items-center gap-2 py-1">
        <input
          ref={field}
          type="search"
          class="field"
          aria-label="Search emoji"
          placeholder="Search emoji"
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
        <button type="button" class="message-item" onClick={onClose}>Close</button>
      </div>
      {failed && <p class="text-sm text-danger">The emoji could not be loaded.</p>}
      <div class="emoji-groups" tabindex={-1}>
        {groups && shown(groups, query).map(([name, emoji], group) => (
          <div key={name}>
            <h3 class="text-xs text-muted font-semibold pt-1">{name}</h3>
            {emoji.map(([one, label], i) => (
              <button
                key={one}
                type="button"
                class="emoji"
                // The Tab key stops at the first one; arrow keys go on from there.
                tabindex={group + i === 0 ? 0 : -1}
                aria-label={label}
                title={label}
                onClick={() => onPick(one)}
              >
                {one}
              </button>
            ))}
          </div>
        ))}
      </div>
    </section>
  );
}

/** Arrow keys: from the field into the emoji, among them, and from the first row back. */
function walk(
  event: KeyboardEvent,
  { field, view }: { field: HTMLInputElement; view: HTMLElement },
): void {
  const { activeElement } = document;
  const inField = activeElement === field;
  const items = [...view.querySelectorAll<HTMLElement>(".emoji")];
  if (items.length === 0 || inField && event.key !== "ArrowDown") return;
  if (!inField && !items.includes(activeElement as HTMLElement)) return;
  const next = nextInGrid(items, activeElement, event.key);
  if (!next) return;
  event.preventDefault();
  const isBack = event.key === "ArrowUp" &&
    items.indexOf(next) > items.indexOf(activeElement as HTMLElement);
  (isBack ? field : next).focus();
}

/** What matches all words of the query; without one all groups, the last used ones first. */
function shown(groups: Group[], query: string): Group[] {
  const all = groups.flatMap(([, emoji]) => emoji);
  const words = query.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (words.length > 0) {
    const found = all.filter(([, name]) => words.every((word) => name.includes(word)));
    return [[found.length > 0 ? "Found" : "Nothing found", found.slice(0, MAX_FOUND)]];
  }
  const recent = new Set(readRecent());
  const used = all.filter(([emoji]) => recent.has(emoji));
  return used.length > 0 ? [["Used last", used], ...groups] : groups;
}
