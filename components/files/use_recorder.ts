/** One recording of a voice note: its recorder, how far it is, and why it ended by itself. */

import { useEffect, useRef, useState } from "preact/hooks";
import { MAX_VOICE_MS } from "../../lib/chat/limits.ts";
import type { FileDesk } from "../models.ts";

/** What records, once the microphone is allowed. */
export type Recorder = Awaited<ReturnType<FileDesk["record"]>>;
/** A voice note before it is sent. */
export type Recording = Awaited<ReturnType<Recorder["stop"]>>;
/** Why a recording ended by itself: it is as long as can be, or the microphone went away. */
export type Cause = "limit" | "lost";

/** Bars of the level meter, and how often one is added, in milliseconds. */
const METER_BARS = 64;
const METER_MS = 80;

/** Begins to record at once; ends by itself at the limit. */
export function useRecorder(desk: FileDesk) {
  const [recorder, setRecorder] = useState<Recorder | null>(null);
  const [recording, setRecording] = useState<Recording | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [levels, setLevels] = useState<number[]>([]);
  const [elapsedMs, setElapsed] = useState(0);
  const [cause, setCause] = useState<Cause | null>(null);
  const isStopping = useRef(false);

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
    isStopping.current = true;
    const done = await recorder.stop();
    setRecording(done);
    return done;
  };

  useEffect(() => {
    if (!recorder || recording) return;
    const end = (cause: Cause) => {
      if (isStopping.current) return;
      setCause(cause);
      void stop();
    };
    recorder.onEnded = () => end("lost");
    const startedAt = performance.now();
    const timer = setInterval(() => {
      const ms = performance.now() - startedAt;
      setElapsed(ms);
      setLevels((levels) => [...levels, recorder.level()].slice(-METER_BARS));
      if (ms >= MAX_VOICE_MS) end("limit");
    }, METER_MS);
    return () => clearInterval(timer);
  }, [recorder, recording]);

  return { recorder, recording, error, cause, levels, elapsedMs, stop };
}
