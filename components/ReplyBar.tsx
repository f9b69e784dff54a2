/** Above the composer while an answer is written: what it answers, and the way out of that. */

import { CloseIcon } from "./Icons.tsx";

interface ReplyBarProps {
  author: string;
  /** The message on one line. */
  summary: string;
  onCancel(): void;
}

export function ReplyBar({ author, summary, onCancel }: ReplyBarProps) {
  return (
    <div
      class="mx-auto w-full max-w-[54rem] flex items-center gap-2 px-3 wide:px-7 text-sm"
      data-reply
    >
      <p class="quote flex-1 min-w-0">
        <span class="font-semibold">
          Answer to <bdi>{author}</bdi>
        </span>
        <span class="truncate" dir="auto">{summary}</span>
      </p>
      <button type="button" class="icon-button" onClick={onCancel}>
        <CloseIcon />
        <span class="sr-only">Do not answer this message</span>
      </button>
    </div>
  );
}
