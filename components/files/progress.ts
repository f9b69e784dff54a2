/** How far files have come, in words. */

import type { Tracked } from "../models.ts";

type Progress = Tracked["progress"];

const WORDS: Record<Exclude<Progress["state"], "sending">, string> = {
  preparing: "Preparing…",
  waiting: "Waiting…",
  paused: "Waiting for the connection…",
  done: "Uploaded",
  failed: "Failed",
};

/** One file: `Uploading, 43 %`. */
export function progressLabel({ state, sent, total }: Progress): string {
  if (state !== "sending") return WORDS[state];
  return `Uploading, ${Math.floor(sent / Math.max(1, total) * 100)} %`;
}

/** All files of a message as one. */
export function together(all: readonly Progress[]): Progress {
  const sum = (of: (progress: Progress) => number) => all.reduce((n, p) => n + of(p), 0);
  const states = new Set(all.map(({ state }) => state));
  const state = ORDER.find((state) => states.has(state)) ?? "waiting";
  return { state, sent: sum(({ sent }) => sent), total: sum(({ total }) => total) };
}

/** What is said of several is what is said of the first of these that one of them is. */
const ORDER: Progress["state"][] = ["failed", "sending", "paused", "preparing", "waiting", "done"];
