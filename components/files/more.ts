/** What of files is not needed to read a room, as one piece of code that is loaded on demand. */

export { drawFiles } from "./draw_files.tsx";
export { Tray } from "./Tray.tsx";
export { VoiceRecorder } from "./VoiceRecorder.tsx";
