/**
 * The doors by which files come into the composer: chosen, pasted, dropped, recorded. What works on
 * them and shows them is loaded when the first one comes.
 */

import { useEffect, useState } from "preact/hooks";
import { lazy } from "../lazy.tsx";
import type { Recording, RoomModel } from "../models.ts";
import { ClipIcon } from "./icons.tsx";
import { loadMore, type More } from "./load_more.ts";

/** Puts files beside what is being written. */
function choose({ files, id }: RoomModel, list: FileList | null | undefined): void {
  const chosen = [...list ?? []]; // the browser empties its own list
  if (chosen.length > 0) void files.open().then((desk) => desk?.choose(id, chosen));
}

/** Opens the device's choice of files; without JavaScript it is the form's own field. */
export function AttachButton({ room }: { room: RoomModel }) {
  return (
    <label class="attach" title="Attach files">
      <ClipIcon />
      <span class="sr-only">Attach files</span>
      <input
        type="file"
        name="files"
        multiple
        onClick={() => {
          Parts.preload();
          void room.files.open();
        }}
        onChange={({ currentTarget: input }) => {
          choose(room, input.files);
          input.value = ""; // so that the same file can be chosen again
        }}
      />
    </label>
  );
}

/** Takes pasted files; text with a picture of itself, as office programs give, stays text. */
export function paste(event: ClipboardEvent, room: RoomModel): void {
  const data = event.clipboardData;
  if (!data?.files.length || data.types.includes("text/html") && data.getData("text")) return;
  event.preventDefault();
  choose(room, data.files);
}

const Parts = lazy<Parameters<More["ComposerParts"]>[0]>(
  "What works on files",
  () => loadMore().then(({ ComposerParts }) => ({ default: ComposerParts })),
);

interface ComposerFilesProps {
  room: RoomModel;
  recording: boolean;
  /** The recording is over; with one it is to be sent. */
  onRecorded(recording?: Recording): void;
}

/** Files beside what is being written, the recorder, and the place to drop on. */
export function ComposerFiles(props: ComposerFilesProps) {
  const [dragged, setDragged] = useState(false);
  useEffect(() => {
    const hear = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault(); // the browser would go to the file
      setDragged(true);
    };
    addEventListener("dragover", hear);
    addEventListener("drop", hear);
    return () => {
      removeEventListener("dragover", hear);
      removeEventListener("drop", hear);
    };
  }, []);
  const isNeeded = dragged || props.recording || props.room.files.desk.value;
  return isNeeded ? <Parts {...props} dragged={dragged} /> : null;
}
