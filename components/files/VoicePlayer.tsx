/**
 * A voice note: play and pause, the waveform as a slider, time left, and how fast. One plays at a
 * time. Loaded when a message with a voice note is shown.
 */

import { useEffect, useRef, useState } from "preact/hooks";
import type { FileRef } from "../../lib/chat/file_refs.ts";
import { PauseIcon, PlayIcon } from "./more_icons.tsx";
import { clock, clockWords } from "./durations.ts";
import { Waveform } from "./Waveform.tsx";

const RATES = [1, 1.5, 2];
/** Seconds that an arrow key moves. */
const STEP_S = 1;
/** The rate chosen last holds for all of them. */
let lastRate = 1;
let playing: HTMLAudioElement | null = null;

interface VoicePlayerProps {
  file: Pick<FileRef, "duration" | "waveform">;
  url: string;
}

export function VoicePlayer({ file, url }: VoicePlayerProps) {
  const { audio, total, at, isPlaying, failed, toggle, seek } = useVoice(file, url);
  const [rate, setRate] = useState(lastRate);
  const faster = () => {
    lastRate = RATES[(RATES.indexOf(rate) + 1) % RATES.length];
    setRate(lastRate);
    audio.current!.playbackRate = lastRate;
  };
  const key = (event: KeyboardEvent) => {
    const to = { ArrowLeft: at - STEP_S, ArrowDown: at - STEP_S, Home: 0, End: total }[event.key] ??
      { ArrowRight: at + STEP_S, ArrowUp: at + STEP_S }[event.key] ??
      { PageDown: at - 10 * STEP_S, PageUp: at + 10 * STEP_S }[event.key];
    if (to !== undefined) seek(to);
    else if (event.key === " ") toggle();
    else return;
    event.preventDefault();
  };
  const point = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    if (event.type === "pointerdown") event.currentTarget.setPointerCapture(event.pointerId);
    else if (event.buttons === 0) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    seek((event.clientX - left) / width * total);
  };
  return (
    <>
      <button type="button" class="voice-play" onClick={toggle}>
        {isPlaying ? <PauseIcon /> : <PlayIcon />}
        <span class="sr-only">{isPlaying ? "Pause" : "Play voice note"}</span>
      </button>
      <div
        class="voice-wave"
        role="slider"
        tabindex={0}
        aria-label="Position in the voice note"
        aria-valuemin={0}
        aria-valuemax={Math.round(total)}
        aria-valuenow={Math.round(at)}
        aria-valuetext={`${clockWords(at)} of ${clockWords(total)}`}
        onKeyDown={key}
        onPointerDown={point}
        onPointerMove={point}
      >
        <Waveform bars={file.waveform ?? []} played={total > 0 ? at / total : 0} />
      </div>
      <div class="voice-side">
        <span>{failed ? "Failed" : clock(total - at)}</span>
        <button type="button" class="voice-rate" onClick={faster}>
          <span class="sr-only">Speed</span> {rate}×
        </button>
      </div>
      <audio ref={audio} src={url} preload="none" />
    </>
  );
}

/** The sound, where it is, and what moves it. Times are in seconds. */
function useVoice({ duration = 0 }: VoicePlayerProps["file"], url: string) {
  const audio = useRef<HTMLAudioElement>(null);
  const [at, setAt] = useState(0);
  const [isPlaying, setPlaying] = useState(false);
  const [failed, setFailed] = useState(false);
  const total = duration / 1000;
  useEffect(() => {
    const node = audio.current!;
    const stops = listen(node, {
      play() {
        if (playing !== node) playing?.pause();
        playing = node;
        node.playbackRate = lastRate;
        setPlaying(true);
        setFailed(false);
      },
      pause: () => setPlaying(false),
      ended: () => setAt(0),
      error: () => setFailed(true),
    });
    return () => {
      stops();
      node.pause();
    };
  }, [url]);
  useEffect(() => {
    if (!isPlaying) return;
    let frame = requestAnimationFrame(function step() {
      setAt(Math.min(total, audio.current!.currentTime));
      frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying]);
  return {
    audio,
    total,
    at,
    isPlaying,
    failed,
    toggle() {
      const node = audio.current!;
      if (node.paused) node.play().catch(() => setFailed(true));
      else node.pause();
    },
    seek(seconds: number) {
      const to = Math.min(total, Math.max(0, seconds));
      setAt(to);
      moveTo(audio.current!, to);
    },
  };
}

/** Goes to a time, now or when the sound knows its own length. */
function moveTo(audio: HTMLAudioElement, seconds: number): void {
  if (audio.readyState > 0) audio.currentTime = seconds;
  else {
    audio.addEventListener("loadedmetadata", () => audio.currentTime = seconds, { once: true });
    if (audio.preload === "none") audio.preload = "auto";
  }
}

function listen(node: HTMLElement, heard: Record<string, () => void>): () => void {
  for (const [type, act] of Object.entries(heard)) node.addEventListener(type, act);
  return () => {
    for (const [type, act] of Object.entries(heard)) node.removeEventListener(type, act);
  };
}
