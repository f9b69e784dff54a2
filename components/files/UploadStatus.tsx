/** Below an own message whose files are on their way: how far they are, and the way out. */

import type { FilesModel, PendingFile } from "../models.ts";
import { progressLabel, together } from "./progress.ts";

interface UploadStatusProps {
  files: FilesModel;
  uploads: readonly PendingFile[];
  onCancel(): void;
}

export function UploadStatus({ files, uploads, onCancel }: UploadStatusProps) {
  const tracked = files.desk.value?.uploads.files.value;
  const progress = together(uploads.map(({ key, size, ref }) => {
    const known = tracked?.get(key)?.progress;
    return known ?? { state: ref ? "done" : "waiting", sent: ref ? size : 0, total: size };
  }));
  if (progress.state === "done") return null;
  const label = progressLabel(progress);
  return (
    <div class="uploading" data-uploading>
      <div>
        <span>{label}</span>
        <progress
          class="progress"
          value={progress.sent}
          max={Math.max(1, progress.total)}
          aria-label={label}
        />
      </div>
      <button type="button" class="min-h-[2.75rem] px-2 underline" onClick={onCancel}>
        Cancel
      </button>
    </div>
  );
}
