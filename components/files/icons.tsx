/** Icons of files, beside the others; those that only loaded code shows are in `more_icons.tsx`. */

import { icon } from "../Icons.tsx";

export const ClipIcon = icon(
  "m16.5 9.3-6.6 6.6a4 4 0 0 1-5.7-5.7l7-7a2.7 2.7 0 0 1 3.8 3.8l-7 7a1.3 1.3 0 0 1-1.9-1.9l6.2-6.2",
);
export const MicIcon = icon(
  "M10 12.5a2.5 2.5 0 0 0 2.5-2.5V5a2.5 2.5 0 0 0-5 0v5a2.5 2.5 0 0 0 2.5 2.5ZM4.5 9.5V10a5.5 5.5 0 0 0 11 0v-.5M10 15.5V18",
);
