/** Below a message that failed: why, and the two ways on. */

export function NotSent(
  { reason, onRetry, onCancel }: { reason?: string; onRetry(): void; onCancel(): void },
) {
  return (
    <div class="flex flex-wrap items-center justify-end text-sm text-danger">
      <span class="pe-1">{reason || "Not sent."}</span>
      <button type="button" class="min-h-[2.75rem] px-2 font-semibold underline" onClick={onRetry}>
        Try again
      </button>
      <button type="button" class="min-h-[2.75rem] px-2 underline" onClick={onCancel}>
        Discard
      </button>
    </div>
  );
}
