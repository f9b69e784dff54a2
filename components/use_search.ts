/** Asks the server for messages while somebody types, and only the last question's answer counts. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { SearchPage } from "../lib/chat/pages.ts";
import type { SearchStart } from "./SearchView.tsx";

/** After the last key. */
const WAIT_MS = 180;

/** What is looked for, and where. */
interface Question {
  q: string;
  inRoom: boolean;
}

/** A search as it stands, and what can be done with it. */
export interface Search extends Question {
  page: SearchPage | null;
  busy: boolean;
  error: string | null;
  /** Changes the question; it is asked a moment later. */
  ask(change: Partial<Question>): void;
  /** Asks at once, if an answer is still to come. */
  now(): void;
  /** Adds older messages. */
  more(): void;
}

/** Where a search is as a page. */
export function searchPath(
  { q, room, before }: { q: string; room: string | null; before?: string },
): string {
  return `/search?${new URLSearchParams({ q, ...room && { room }, ...before && { before } })}`;
}

export function useSearch(start: SearchStart): Search {
  const [question, setQuestion] = useState<Question>({ q: start.q, inRoom: start.inRoom });
  const [answer, setAnswer] = useState({ page: start.page, error: start.error, busy: false });
  const asking = useRef<AbortController | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const { room } = start;

  const asked = useRef<Question | null>(null);

  const run = async ({ q, inRoom }: Question, after?: SearchPage) => {
    asking.current?.abort();
    clearTimeout(timer.current);
    const { signal } = asking.current = new AbortController();
    asked.current = { q, inRoom };
    const path = searchPath({
      q,
      room: inRoom && room ? room.id : null,
      before: after?.next ?? undefined,
    });
    if (q.trim() === "") return setAnswer({ page: null, error: null, busy: false });
    setAnswer(({ page, error }) => ({ page, error, busy: true }));
    const found = await fetchPage(`/api${path}`, signal);
    if (signal.aborted) return;
    if (typeof found === "string") setAnswer({ page: after ?? null, error: found, busy: false });
    else setAnswer({ page: after ? joined(after, found) : found, error: null, busy: false });
  };

  useEffect(() => {
    if (start.q !== "") void run(question);
    return () => {
      asking.current?.abort();
      clearTimeout(timer.current);
    };
  }, []);

  return {
    ...question,
    ...answer,
    ask(change) {
      const next = { ...question, ...change };
      setQuestion(next);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void run(next), WAIT_MS);
    },
    now: () => {
      const { current } = asked;
      if (current?.q !== question.q || current.inRoom !== question.inRoom) void run(question);
    },
    more: () => void (answer.page && run(question, answer.page)),
  };
}

const UNREACHED = "The search could not be reached. Check the connection and try again.";

/** A page, or why there is none. */
async function fetchPage(path: string, signal: AbortSignal): Promise<SearchPage | string> {
  try {
    const response = await fetch(path, { signal });
    const body = await response.json();
    return response.ok ? body : body.error ?? UNREACHED;
  } catch {
    return UNREACHED;
  }
}

function joined(a: SearchPage, b: SearchPage): SearchPage {
  return {
    ...b,
    hits: [...a.hits, ...b.hits],
    rooms: [...a.rooms, ...b.rooms],
    people: [...a.people, ...b.people],
  };
}
