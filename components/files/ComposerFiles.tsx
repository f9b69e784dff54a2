/**
 * The ways in which files come into the composer: chosen, pasted, dropped, recorded. This is only
 * the doors; what works on files and shows them is loaded when the first one comes.
 */

import { useEffect, useState } from "preact/hooks";
import { ClipIcon } from "./icons.tsx";
import type { FilesModel, Recording } from "../models.ts";
import { useMore } from "./use_more.ts";

/** Opens the device's choice of files; without JavaScript it is the form's own field. */
export function AttachButton({ files, room }: { files: FilesModel; room: string }) {
  return (
    <label class="attach" title="Attach files">
      <ClipIcon />
      <span class="sr-only">Attach files</span>
      <input
        type="file"
        name="files"
        multiple
        onClick={() => void files.open()}
        onChange={({ currentTarget: input }) => {
          take([...input.files ?? []], { files, room });
          input.value = ""; // so that the same file can be chosen again
        }}
      />
    </label>
  );
}

/** Takes pasted files; text with a picture of itself, as office programs give, stays text. */
export function pasteFiles(
  event: ClipboardEvent,
  { files, room }: { files: FilesModel; room: string },
): void {
  const data = event.clipboardData;
  const isText = data?.types.includes("text/plain") && data.types.includes("text/html");
  if (!data?.files.length || isText) return;
  event.preventDefault();
  take([...data.files], { files, room });
}

/** Puts files beside what is being written. */
function take(chosen: File[], { files, room }: { files: FilesModel; room: string }): void {
  void files.open().then((desk) => desk?.choose(room, chosen));
}

/** The files beside what is being written, once there are some. */
export function TraySlot({ files, room }: { files: FilesModel; room: string }) {
  return files.desk.value?.staged(room).value.length ? <Loaded files={files} room={room} /> : null;
}

function Loaded({ files, room }: { files: FilesModel; room: string }) {
  const more = useMore();
  const desk = files.desk.value;
  return more && desk && <more.Tray desk={desk} room={room} />;
}

interface RecorderSlotProps {
  files: FilesModel;
  onSend(recording: Recording): void;
  onClose(): void;
}

/** Where a voice note is recorded. */
export function RecorderSlot({ files, ...props }: RecorderSlotProps) {
  const desk = files.desk.value;
  const more = useMore();
  useEffect(() => void files.open().then((desk) => desk ?? props.onClose()), []);
  return more && desk
    ? <more.VoiceRecorder desk={desk} {...props} />
    : <p class="recorder" role="status">Loading…</p>;
}

/** A place to drop files on: handlers for it, and the sign that covers it meanwhile. */
export function useDrop(into: { files: FilesModel; room: string }) {
  const [over, setOver] = useState(false);
  const hear = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault(); // the browser would open the file
    if (event.type !== "drop") return setOver(true);
    setOver(false);
    take(filesOf(event.dataTransfer), into);
  };
  return {
    handlers: { onDragEnter: hear, onDragOver: hear, onDrop: hear },
    sign: over && (
      <div class="drop-target" onDragLeave={() => setOver(false)}>
        <p>Drop files here to attach them</p>
      </div>
    ),
  };
}

/** Without folders, which cannot be read as files. */
function filesOf({ items }: DataTransfer): File[] {
  return [...items].flatMap((item) =>
    item.webkitGetAsEntry?.()?.isDirectory ? [] : item.getAsFile() ?? []
  );
}
