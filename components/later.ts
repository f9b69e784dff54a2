/**
 * What the chat shows only after something has happened: a lost connection, an error, messages that
 * came in while the reader was away or that did not go out, an answer that is being written. It
 * comes right after the first paint, all at once, so that it is there when the connection is not.
 */

import { lazy } from "./lazy.tsx";
import type * as happenings from "./happenings.ts";

type PropsOf<N extends keyof typeof happenings> = Parameters<typeof happenings[N]>[0];

const load = () => import("./happenings.ts");

export const ConnectionBanner = lazy<PropsOf<"ConnectionBanner">>(
  "",
  () => load().then((m) => ({ default: m.ConnectionBanner })),
);
export const NewestPill = lazy<PropsOf<"NewestPill">>(
  "",
  () => load().then((m) => ({ default: m.NewestPill })),
);
export const Notice = lazy<PropsOf<"Notice">>(
  "",
  () => load().then((m) => ({ default: m.Notice })),
);
export const NotSent = lazy<PropsOf<"NotSent">>(
  "",
  () => load().then((m) => ({ default: m.NotSent })),
);
export const ReplyBar = lazy<PropsOf<"ReplyBar">>(
  "",
  () => load().then((m) => ({ default: m.ReplyBar })),
);
