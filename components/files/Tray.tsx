/**
 * Files beside what is being written: what they are, how far they have come, and the way out.
 * Loaded when the first file is there.
 */

import { useEffect, useRef } from "preact/hooks";
import { sizeLabel } from "../../lib/chat/file_size.ts";
import { cx } from "../cx.ts";
import { CloseIcon } from "../Icons.tsx";
import { FileIcon } from "./more_icons.tsx";
import type { FileDesk, Tracked } from "../models.ts";
import { localUrl } from "./file_urls.ts";
import { progressLabel } from "./progress.ts";

interface TrayProps {
  room: string;
  desk: FileDesk;
}

export function Tray({ room, desk }: TrayProps) {
  const files = desk.staged(room).value;
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.lastElementChild?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [files.length]);
  if (files.length === 0) return null;
  const remove = (key: string) => {
    desk.remove(room, key);
    document.getElementById("composer")?.focus();
  };
  return (
    <ul ref={list} class="tray" role="list" aria-label="Files to send" tabindex={0}>
      {files.map((tracked) => (
        <Chip
          key={tracked.file.key}
          tracked={tracked}
          onRemove={() => remove(tracked.file.key)}
          onRetry={() => desk.uploads.retry(tracked.file.key)}
        />
      ))}
    </ul>
  );
}

interface ChipProps {
  tracked: Tracked;
  onRemove(): void;
  onRetry(): void;
}

function Chip({ tracked: { file, progress }, onRemove, onRetry }: ChipProps) {
  const { name, kept } = file;
  const failed = progress.state === "failed";
  const done = progress.state === "done";
  const preview = file.type.startsWith("image/") && localUrl(file);
  return (
    <li class={cx("tray-file", failed && "tray-failed")}>
      {preview ? <img class="tray-image" src={preview} alt="" /> : (
        <span class="file-icon">
          <FileIcon />
        </span>
      )}
      <div class="flex-1 min-w-0">
        <span class="file-name" dir="auto" title={name}>{name}</span>
        {failed
          ? (
            <p class="tray-text" role="alert">
              {progress.error}{" "}
              <button type="button" class="underline font-semibold" onClick={onRetry}>
                Try again
              </button>
            </p>
          )
          : (
            <p class="tray-text truncate">
              {done ? sizeLabel(file.size) : progressLabel(progress)}
              {kept && " · sent as it is, with its camera's data"}
            </p>
          )}
        {!failed && !done && (
          <progress
            class="progress"
            value={progress.sent}
            max={Math.max(1, progress.total)}
            aria-label={`${name}: ${progressLabel(progress)}`}
          />
        )}
      </div>
      <button type="button" class="tray-remove" onClick={onRemove}>
        <CloseIcon small />
        <span class="sr-only">
          {done || failed ? "Remove" : "Cancel"} <bdi>{name}</bdi>
        </span>
      </button>
    </li>
  );
}
