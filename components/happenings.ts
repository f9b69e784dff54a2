/** The views of `later.ts`, which loads them. */

export { ConnectionBanner } from "./ConnectionBanner.tsx";
export { NewestPill } from "./NewestPill.tsx";
export { Notice } from "./Notice.tsx";
export { NotSent } from "./NotSent.tsx";
export { ReplyBar } from "./ReplyBar.tsx";
