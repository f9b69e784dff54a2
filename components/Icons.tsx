/**
 * The interface's icons, drawn on a grid of 20 with one stroke. Decorative: labels are text. Marked
 * as pure, so that those which only the server draws do not come to browsers.
 */

import { cx } from "./cx.ts";

type IconProps = { small?: boolean };

/** An icon by its path. */
export function icon(path: string) {
  return function Icon({ small }: IconProps) {
    return (
      <svg
        class={cx(small ? "size-3.5" : "size-5")}
        viewBox="0 0 20 20"
        fill="none"
        stroke="currentColor"
        stroke-width={small ? 2.25 : 1.75}
        stroke-linecap="round"
        stroke-linejoin="round"
        aria-hidden="true"
      >
        <path d={path} />
      </svg>
    );
  };
}

export const PlusIcon = /* @__PURE__ */ icon("M10 4v12M4 10h12");
export const BackIcon = /* @__PURE__ */ icon("M12.5 4 6.5 10l6 6");
export const SearchIcon = /* @__PURE__ */ icon(
  "M13.2 13.2 17 17M15 9A6 6 0 1 1 3 9a6 6 0 0 1 12 0Z",
);
export const SendIcon = /* @__PURE__ */ icon("M10 16.5v-13M4.5 9 10 3.5 15.5 9");
export const CheckIcon = /* @__PURE__ */ icon("m3.5 10.5 4.2 4.2 8.8-9");
export const ChecksIcon = /* @__PURE__ */ icon("m1.5 10.5 4.2 4.2 7.8-9M8.5 13.4l1.3 1.3 8.7-9");
export const ClockIcon = /* @__PURE__ */ icon(
  "M10 5.5V10l3 2M17.5 10a7.5 7.5 0 1 1-15 0 7.5 7.5 0 0 1 15 0Z",
);
export const AlertIcon = /* @__PURE__ */ icon(
  "M10 6v5M10 14h.01M17.5 10a7.5 7.5 0 1 1-15 0 7.5 7.5 0 0 1 15 0Z",
);
export const DownIcon = /* @__PURE__ */ icon("M10 3.5v13M4.5 11l5.5 5.5 5.5-5.5");
export const CloseIcon = /* @__PURE__ */ icon("m5 5 10 10M15 5 5 15");
export const MoreIcon = /* @__PURE__ */ icon("M4.5 10h.01M10 10h.01M15.5 10h.01");
export const PinIcon = /* @__PURE__ */ icon(
  "M7.5 3h5M8.2 3v4.6L5.5 11v1.5h9V11l-2.7-3.4V3M10 12.5V17",
);
export const ForwardIcon = /* @__PURE__ */ icon(
  "m12 4.5 4.5 4.5-4.5 4.5M16 9H9a5.5 5.5 0 0 0-5.5 5.5V16",
);
export const BookmarkIcon = /* @__PURE__ */ icon("M5.5 3.5h9v13L10 13l-4.5 3.5v-13Z");
export const AtIcon = /* @__PURE__ */ icon(
  "M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0Zm0-3v4.2a2 2 0 0 0 4 0V10a7 7 0 1 0-2.9 5.7",
);
export const SignOutIcon = /* @__PURE__ */ icon(
  "M8 3.5H4.5v13H8M8.5 10H17M13.5 6.5 17 10l-3.5 3.5",
);
export const BellIcon = /* @__PURE__ */ icon(
  "M10 3a4.5 4.5 0 0 0-4.5 4.5c0 4-1.5 5-1.5 6h12c0-1-1.5-2-1.5-6A4.5 4.5 0 0 0 10 3ZM8.3 16.5a2 2 0 0 0 3.4 0",
);
export const MutedIcon = /* @__PURE__ */ icon(
  "M7.4 3.8a4.5 4.5 0 0 1 7.1 3.7c0 2 .4 3.2.8 4M13 13.5H4c0-1 1.5-2 1.5-6l.1-.9M8.3 16.5a2 2 0 0 0 3.4 0M3.5 3l13 13.5",
);
export const UnreadIcon = /* @__PURE__ */ icon(
  "M16.5 9.5v4a2 2 0 0 1-2 2H9l-4 2.5v-2.5a2 2 0 0 1-1.5-2v-7a2 2 0 0 1 2-2h5M15.5 6.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
);
export const SettingsIcon = /* @__PURE__ */ icon(
  "M3 6h7M14 6h3M3 14h3M10 14h7M12 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM8 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
);
export const GroupIcon = /* @__PURE__ */ icon(
  "M7.5 9.5a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5ZM2.5 16c0-2.5 2-4 5-4s5 1.5 5 4M12.5 4.2a2.75 2.75 0 0 1 0 5.1M14.5 12.3c1.9.5 3 1.8 3 3.7",
);
