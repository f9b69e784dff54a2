/**
 * Icons of what is loaded on demand. A module is in one chunk as a whole: here they do not come with
 * the first page.
 */

import { icon } from "./Icons.tsx";

export const EditIcon = icon("M4 16h3.2L16 7.2 12.8 4 4 12.8V16Z");
export const DeleteIcon = icon(
  "M4 5.5h12M8 5.5v-2h4v2M5.5 5.5l.7 11h7.6l.7-11M8.5 9v4.5M11.5 9v4.5",
);
export const HistoryIcon = icon("M3.5 10a6.5 6.5 0 1 0 2-4.7M3.5 3.5v3h3M10 6.5V10l2.5 1.5");
export const ReplyIcon = icon("M8 4.5 3.5 9 8 13.5M4 9h7a5.5 5.5 0 0 1 5.5 5.5V16");
export const LinkIcon = icon(
  "M8.2 11.8a3.2 3.2 0 0 0 4.6 0l2.7-2.7a3.2 3.2 0 0 0-4.6-4.6l-1 1M11.8 8.2a3.2 3.2 0 0 0-4.6 0l-2.7 2.7a3.2 3.2 0 0 0 4.6 4.6l1-1",
);
export const UnpinIcon = icon(
  "M7.5 3h5M8.2 3v4.6L5.5 11v1.5h9V11l-2.7-3.4V3M10 12.5V17M3.5 3.5l13 13",
);
export const CopyIcon = icon("M7 7h9.5v9.5H7zM4 13V3.5h9.5");
export const BookmarkedIcon = icon("M5.5 3.5h9v13L10 13l-4.5 3.5v-13ZM7.5 7.5h5");
