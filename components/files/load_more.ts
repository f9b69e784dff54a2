/** The code that works on files, loaded when something needs it. */

/** Loads it, once. */
export const loadMore = () => import("./more.ts");
export type More = Awaited<ReturnType<typeof loadMore>>;
