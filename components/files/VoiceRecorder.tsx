/**
 * Records a voice note in the composer's place: how loud and how long it is, then to be listened
 * to, sent or thrown away. The microphone is asked for when this is opened, which a click did.
 */

import { useEffect, useRef, useState } from "preact/hooks";
import { MAX_VOICE_MS } from "../../lib/chat/limits.ts";
import { SendIcon } from "../Icons.tsx";
import { DeleteIcon } from "../menu_icons.tsx";
import { StopIcon } from "./more_icons.tsx";
import type { FileDesk } from "../models.ts";
import { cx } from "../cx.ts";
import { clock, clockWords } from "./durations.ts";
import { type Cause, type Recorder, type Recording, useRecorder } from "./use_recorder.ts";
import { VoicePlayer } from "./VoicePlayer.tsx";

/** From when on it is said how much is left. */
const LEFT_MS = 30_000;

const CAUSES: Record<Cause, string> = {
  limit: `The recording ended: ${clockWords(MAX_VOICE_MS / 1000)} are the most.`,
  lost: "The recording ended: the microphone went away.",
};

interface VoiceRecorderProps {
  desk: FileDesk;
  /** It is over; with a recording it is to be sent. */
  onDone(recording?: Recording): void;
}

export function VoiceRecorder({ desk, onDone }: VoiceRecorderProps) {
  const { recorder, recording, error, cause, levels, elapsedMs, stop } = useRecorder(desk);
  const isPreview = recording !== null;
  const send = async () => {
    onDone(recording ?? await stop() ?? undefined);
  };
  const main = useRef<HTMLButtonElement>(null);
  useEffect(() => main.current?.focus(), [recorder, isPreview]);
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    onDone();
  };
  return (
    <section
      class={cx("recorder", isPreview && cause && "flex-wrap")}
      aria-label="Voice note"
      onKeyDown={key}
    >
      <p class="sr-only" role="status">
        {error ? "" : isPreview ? cause && CAUSES[cause] : progressWords(recorder, elapsedMs)}
      </p>
      {isPreview && cause && (
        <p class="w-full pt-2 text-sm text-danger" aria-hidden="true">{CAUSES[cause]}</p>
      )}
      {error
        ? <p class="flex-1 py-2 text-sm text-danger" role="alert">{error}</p>
        : isPreview
        ? <Preview recording={recording} />
        : <Meter levels={levels} elapsedMs={elapsedMs} waiting={recorder === null} />}
      <button type="button" class="icon-button" onClick={() => onDone()}>
        <DeleteIcon />
        <span class="sr-only">{error ? "Close" : "Throw the voice note away"}</span>
      </button>
      {recorder && !isPreview && (
        <button
          ref={main}
          type="button"
          class="icon-button"
          onClick={() => void stop()}
        >
          <StopIcon />
          <span class="sr-only">Stop and listen</span>
        </button>
      )}
      {(recorder || isPreview) && (
        <button
          ref={isPreview ? main : undefined}
          type="button"
          class="send"
          onClick={() => void send()}
        >
          <span>
            <SendIcon />
          </span>
          <span class="sr-only">Send voice note</span>
        </button>
      )}
    </section>
  );
}

/** What a screen reader is told while it goes on: nothing that changes all the time. */
function progressWords(recorder: Recorder | null, elapsedMs: number): string {
  if (recorder === null) return "Allow the microphone";
  if (MAX_VOICE_MS - elapsedMs >= LEFT_MS) return "Recording";
  return `Recording ends in ${clockWords(LEFT_MS / 1000)}`;
}

function Meter(
  { levels, elapsedMs, waiting }: { levels: number[]; elapsedMs: number; waiting: boolean },
) {
  const leftMs = MAX_VOICE_MS - elapsedMs;
  return (
    <>
      <span class="recorder-dot" />
      <span class="text-sm tabular-nums">
        {waiting ? "Allow the microphone…" : clock(elapsedMs / 1000)}
      </span>
      {leftMs < LEFT_MS && <span class="text-sm text-danger">{clock(leftMs / 1000)} left</span>}
      <div class="recorder-level" aria-hidden="true">
        {levels.map((level, at) => (
          <i
            key={at}
            style={{ height: `${Math.round(level * 100)}%` }}
          />
        ))}
      </div>
    </>
  );
}

function Preview({ recording }: { recording: Recording }) {
  const [url] = useState(() => URL.createObjectURL(recording.blob));
  useEffect(() => () => URL.revokeObjectURL(url), []);
  return (
    <div class="voice">
      <VoicePlayer file={recording} url={url} />
    </div>
  );
}
