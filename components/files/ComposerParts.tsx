/** What the composer shows of files: those beside the text, the recorder, the place to drop on. */

import { useEffect, useState } from "preact/hooks";
import type { Recording, RoomModel } from "../models.ts";
import { Tray } from "./Tray.tsx";
import { VoiceRecorder } from "./VoiceRecorder.tsx";

interface ComposerPartsProps {
  room: RoomModel;
  recording: boolean;
  /** Something is being dragged over the page. */
  dragged: boolean;
  onRecorded(recording?: Recording): void;
}

export function ComposerParts({ room, recording, dragged, onRecorded }: ComposerPartsProps) {
  const desk = room.files.desk.value;
  useEffect(() => {
    if (recording && !desk) void room.files.open().then((desk) => desk ?? onRecorded());
  }, [recording]);
  return (
    <>
      <DropTarget room={room} dragged={dragged} />
      {desk && <Tray room={room.id} desk={desk} />}
      {recording && desk && <VoiceRecorder desk={desk} onDone={onRecorded} />}
    </>
  );
}

/** Without a `dragover` for so long, in milliseconds, nothing is over the page; they come every 350. */
const SILENCE_MS = 700;

/** Covers the room while files are dragged over the page. */
function DropTarget({ room, dragged }: { room: RoomModel; dragged: boolean }) {
  const [over, setOver] = useState(dragged);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const hear = ({ dataTransfer }: DragEvent) => {
      if (!dataTransfer?.types.includes("Files")) return;
      setOver(true);
      // Browsers say again and again that something is over the page, and not always that it left.
      clearTimeout(timer);
      timer = setTimeout(() => setOver(false), SILENCE_MS);
    };
    addEventListener("dragover", hear);
    timer = setTimeout(() => setOver(false), SILENCE_MS);
    return () => {
      clearTimeout(timer);
      removeEventListener("dragover", hear);
    };
  }, []);
  const drop = (event: DragEvent) => {
    setOver(false);
    const files = filesOf(event.dataTransfer);
    void room.files.open().then((desk) => desk?.choose(room.id, files));
  };
  if (!over) return null;
  return (
    <div class="drop-target" onDrop={drop}>
      <p>Drop files here to attach them</p>
    </div>
  );
}

/** Without folders, which cannot be read as files. */
function filesOf(data: DataTransfer | null): File[] {
  return [...data?.items ?? []].flatMap((item) =>
    item.webkitGetAsEntry?.()?.isDirectory ? [] : item.getAsFile() ?? []
  );
}
