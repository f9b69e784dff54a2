/** A file that is not shown by itself: its name and size, to be opened or saved. */

import { opensInline } from "../../lib/chat/files.ts";
import { sizeLabel } from "../../lib/chat/file_size.ts";
import type { FileRef } from "../../lib/chat/file_refs.ts";
import { FileIcon, SaveIcon } from "./more_icons.tsx";

export function FileCard({ file, url }: { file: FileRef; url: string }) {
  const { name, type, size } = file;
  const save = url.startsWith("blob:") ? url : `${url}?save`;
  return (
    <div class="file-card">
      <a
        class="file-main"
        href={url}
        target={opensInline(type) ? "_blank" : undefined}
        download={opensInline(type) ? undefined : name}
      >
        <span class="file-icon">
          <FileIcon />
        </span>
        <span class="min-w-0">
          <span class="file-name" dir="auto" title={name}>{name}</span>
          <span class="file-about">{endingOf(name)}{sizeLabel(size)}</span>
        </span>
      </a>
      <a class="file-save" href={save} download={name}>
        <SaveIcon />
        <span class="sr-only">
          Download <bdi>{name}</bdi>
        </span>
      </a>
    </div>
  );
}

/** What people call the type: the ending of the name. */
function endingOf(name: string): string {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1];
  return ending ? `${ending.toUpperCase()} · ` : "";
}
