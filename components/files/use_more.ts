/** The code that works on files, loaded when something shows that needs it. */

import { useEffect, useState } from "preact/hooks";

/** Loads it, once. */
export const loadMore = () => import("./more.ts");
export type More = Awaited<ReturnType<typeof loadMore>>;

/** It, once it has come; null before, and if it could not be loaded. */
export function useMore(): More | null {
  const [more, setMore] = useState<More | null>(null);
  useEffect(() => {
    loadMore().then(setMore, () => {});
  }, []);
  return more;
}
