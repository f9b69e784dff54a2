/** A short error that floats over the page until it is dismissed. */

import { CloseIcon } from "./Icons.tsx";

export function Notice({ text, onDismiss }: { text: string | null; onDismiss(): void }) {
  return (
    <div role="alert">
      {text !== null && (
        <div class="rise fixed z-30 top-3 inset-x-3 mx-auto w-fit max-w-md flex items-center gap-2 rounded-2xl bg-danger-soft text-danger ps-4 pe-1 shadow-float text-base">
          <span class="py-2" dir="auto">{text}</span>
          <button type="button" class="icon-button" onClick={onDismiss}>
            <CloseIcon />
            <span class="sr-only">Dismiss</span>
          </button>
        </div>
      )}
    </div>
  );
}
