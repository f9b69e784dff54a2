/** Icons of what is loaded on demand. */

import { icon } from "../Icons.tsx";

export const NextIcon = icon("m7.5 4 6 6-6 6");
export const ZoomIcon = icon("M13.2 13.2 17 17M15 9A6 6 0 1 1 3 9a6 6 0 0 1 12 0ZM9 6.5v5M6.5 9h5");
export const PlayIcon = icon("m6.5 4 9 6-9 6V4Z");
export const PauseIcon = icon("M7 4.5v11M13 4.5v11");
export const StopIcon = icon("M5.5 5.5h9v9h-9z");
export const FileIcon = icon("M11.5 2.5H5.5v15h9V5.5l-3-3ZM11.5 2.5v3h3M8 10h4M8 13h4");
export const SaveIcon = icon("M10 3.5v9M6 9l4 4 4-4M4 16.5h12");
