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
import { clock } from "./durations.ts";
import { VoicePlayer } from "./VoicePlayer.tsx";

type Recorder = Awaited<ReturnType<FileDesk["record"]>>;
type Recording = Awaited<ReturnType<Recorder["stop"]>>;

/** Bars of the level meter, and how often one is added, in milliseconds. */
const METER_BARS = 64;
const METER_MS = 80;

interface VoiceRecorderProps {
  desk: FileDesk;
  /** It is over; with a recording it is to be sent. */
  onDone(recording?: Recording): void;
}

export function VoiceRecorder({ desk, onDone }: VoiceRecorderProps) {
  const { recorder, recording, error, levels, elapsedMs, stop } = useRecorder(desk);
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
    <section class="recorder" aria-label="Voice note" onKeyDown={key}>
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

function Meter(
  { levels, elapsedMs, waiting }: { levels: number[]; elapsedMs: number; waiting: boolean },
) {
  const leftMs = MAX_VOICE_MS - elapsedMs;
  return (
    <>
      <span class="recorder-dot" />
      <span class="sr-only" role="status">
        {waiting ? "Allow the microphone" : "Recording"}
      </span>
      <span class="text-sm tabular-nums">
        {waiting ? "Allow the microphone…" : clock(elapsedMs / 1000)}
      </span>
      {leftMs < 30_000 && <span class="text-sm text-danger">{clock(leftMs / 1000)} left</span>}
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

/** Begins to record at once; ends by itself at the limit. */
function useRecorder(desk: FileDesk) {
  const [recorder, setRecorder] = useState<Recorder | null>(null);
  const [recording, setRecording] = useState<Recording | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [levels, setLevels] = useState<number[]>([]);
  const [elapsedMs, setElapsed] = useState(0);

  useEffect(() => {
    let gone = false;
    let opened: Recorder | null = null;
    desk.record().then(
      (recorder) => {
        if (gone) return recorder.cancel();
        opened = recorder;
        setRecorder(recorder);
      },
      (error: Error) => gone || setError(error.message),
    );
    return () => {
      gone = true;
      opened?.cancel();
    };
  }, []);

  const stop = async (): Promise<Recording | null> => {
    if (!recorder || recording) return recording;
    const done = await recorder.stop();
    setRecording(done);
    return done;
  };

  useEffect(() => {
    if (!recorder || recording) return;
    recorder.onEnded = () => void stop();
    const startedAt = performance.now();
    const timer = setInterval(() => {
      const ms = performance.now() - startedAt;
      setElapsed(ms);
      setLevels((levels) => [...levels, recorder.level()].slice(-METER_BARS));
      if (ms >= MAX_VOICE_MS) void stop();
    }, METER_MS);
    return () => clearInterval(timer);
  }, [recorder, recording]);

  return { recorder, recording, error, levels, elapsedMs, stop };
}
