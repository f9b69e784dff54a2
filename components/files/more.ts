/** What of files is not needed to read a room, as one piece of code that is loaded on demand. */

export { ComposerParts } from "./ComposerParts.tsx";
export { drawFiles } from "./draw_files.tsx";
