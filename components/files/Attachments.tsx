/**
 * The files of a message: pictures in a grid, recordings with a player, everything else as a card.
 * All of it are links and players that work by themselves; scripts add the large view and the
 * player of voice notes when they are asked for.
 */

import { kindOf } from "../../lib/chat/files.ts";
import type { FileRef } from "../../lib/chat/file_refs.ts";
import { cx } from "../cx.ts";
import type { FilesModel, PendingFile } from "../models.ts";
import { FileCard } from "./FileCard.tsx";
import { fileUrl } from "./file_urls.ts";
import { Player, VoiceNote } from "./Player.tsx";
import { Picture } from "./Picture.tsx";
import { UploadStatus } from "./UploadStatus.tsx";

/** Pictures of a message in the list; the last one counts those that are not shown. */
const MAX_TILES = 4;

export interface AttachmentsProps {
  room: string;
  files: readonly FileRef[];
  /** The same files while they are on their way. */
  uploads?: readonly PendingFile[];
  sending?: { files: FilesModel; onCancel(): void };
  /** Where all of them are shown without scripts. */
  page?: string;
  /** Shows every picture, however many there are. */
  all?: boolean;
}

export function Attachments(props: AttachmentsProps) {
  const { room, files, uploads, sending, page, all } = props;
  const shown = files.map((file, at) => ({
    file,
    kind: kindOf(file),
    url: fileUrl(room, file, uploads?.[at]),
  }));
  const pictures = shown.filter(({ kind }) => kind === "image");
  const tiles = all ? pictures.length : MAX_TILES;
  // Keyed by place: a file gets another id when the server has it, and stays what is seen.
  return (
    <>
      {pictures.length > 0 && (
        <div class={cx("pictures", pictures.length > 1 && "pictures-grid")}>
          {pictures.map(({ file, url }, at) => (
            <Picture
              key={at}
              file={file}
              url={url}
              page={page}
              hidden={at >= tiles}
              more={at === tiles - 1 ? pictures.length - tiles : 0}
            />
          ))}
        </div>
      )}
      {shown.map(({ file, kind, url }, at) => {
        const View = kind === "voice" ? VoiceNote : PLAYED.has(kind) ? Player : FileCard;
        return kind !== "image" && <View key={at} file={file} url={url} />;
      })}
      {uploads && sending && <UploadStatus uploads={uploads} {...sending} />}
    </>
  );
}

const PLAYED: ReadonlySet<string> = new Set(["video", "audio"]);
