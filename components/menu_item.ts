/** The look of a link or button in a menu that opens below a header's button. */

import { cx } from "./cx.ts";

export const MENU_ITEM = cx(
  "flex items-center gap-3 w-full min-h-[2.75rem] px-3 rounded-xl text-base text-start hover:bg-hover",
);
