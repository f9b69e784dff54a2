/**
 * Records a voice note from the microphone, which is asked for on each start and let go at the
 * end. Tells how loud it is while it records; what was recorded comes with its length and its
 * waveform. Rejections are sentences for people.
 */

import { waveformOf } from "./waveform.ts";

/** Formats in the order of preference; the first one that the browser writes is taken. */
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
/** Speech in Opus needs no more. */
const BITS_PER_SECOND = 32_000;
/** Samples a second that the waveform is read at: ten minutes of them are 20 MB. */
const WAVEFORM_HERTZ = 8_000;
/** Milliseconds between the pieces that the recorder hands out. */
const SLICE_MS = 1_000;

/** A finished recording. */
export interface Recording {
  blob: Blob;
  type: string;
  /** In milliseconds. */
  duration: number;
  waveform: number[];
}

/** A recording that goes on. */
export interface Recorder {
  /** How loud it is right now, from 0 to 1. */
  level(): number;
  /** Ends it and answers with it, each time with the same. */
  stop(): Promise<Recording>;
  /** Ends it without anything. */
  cancel(): void;
  /** Called when the microphone went away by itself. */
  onEnded?: () => void;
}

/** Asks for the microphone and begins. */
export async function record(shape: { bars: number; top: number }): Promise<Recorder> {
  const stream = await openMicrophone();
  const type = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const media = new MediaRecorder(stream, {
    ...type && { mimeType: type },
    audioBitsPerSecond: BITS_PER_SECOND,
  });
  const parts: Blob[] = [];
  media.ondataavailable = ({ data }) => data.size > 0 && parts.push(data);
  const ended = new Promise<void>((resolve) => media.onstop = () => resolve());
  const meter = openMeter(stream);
  const startedAt = performance.now();
  let finished: Promise<Recording> | null = null; // reading ten minutes back takes a while
  media.start(SLICE_MS);
  const recorder: Recorder = {
    level: meter.level,
    stop: () => finished ??= finish(),
    cancel() {
      if (media.state !== "inactive") media.stop();
      close();
    },
  };
  stream.getAudioTracks()[0].onended = () => recorder.onEnded?.();
  return recorder;

  async function finish(): Promise<Recording> {
    const duration = Math.round(performance.now() - startedAt);
    if (media.state !== "inactive") media.stop();
    await ended;
    close();
    const type = (media.mimeType || "audio/webm").split(";")[0];
    const blob = new Blob(parts, { type });
    return { blob, type, duration, waveform: await waveformOfBlob(blob, shape) };
  }

  function close(): void {
    for (const track of stream.getTracks()) track.stop();
    meter.close();
  }
}

async function openMicrophone(): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia || typeof MediaRecorder === "undefined") {
    throw new Error("This browser cannot record here. Voice notes need a page served by HTTPS.");
  }
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
    });
  } catch (error) {
    throw new Error(whyNot(error));
  }
}

function whyNot(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError") {
    return "The microphone is not allowed. Allow it for this site in the browser's settings.";
  }
  if (name === "NotFoundError") return "No microphone was found. Connect one and try again.";
  return "The microphone could not be used. Another program may hold it.";
}

function openMeter(stream: MediaStream): { level(): number; close(): void } {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      return Math.min(1, Math.sqrt(power) * 4);
    },
    close() {
      if (context.state !== "closed") void context.close();
    },
  };
}

/** The waveform of what was recorded; flat if the browser cannot read it back. */
async function waveformOfBlob(
  blob: Blob,
  shape: { bars: number; top: number },
): Promise<number[]> {
  const context = new OfflineAudioContext(1, 1, WAVEFORM_HERTZ);
  try {
    const audio = await context.decodeAudioData(await blob.arrayBuffer());
    return waveformOf(audio.getChannelData(0), shape);
  } catch {
    return Array<number>(shape.bars).fill(0);
  }
}
