/**
 * Audio and video with the browser's own controls. Nothing is fetched before it is near the view;
 * then only the beginning. What the browser cannot play is a file to be saved.
 */

import { useEffect, useRef, useState } from "preact/hooks";
import type { FileRef } from "../../lib/chat/file_refs.ts";
import { FileCard } from "./FileCard.tsx";
import { VoicePlayer } from "./VoicePlayer.tsx";

interface PlayerProps {
  file: FileRef;
  url: string;
}

export function Player({ file, url }: PlayerProps) {
  const [failed, setFailed] = useState(false);
  const media = useRef<HTMLVideoElement & HTMLAudioElement>(null);
  useEffect(() => nearView(media.current), [failed]);
  if (failed) return <FileCard file={file} url={url} />;
  const common = {
    ref: media,
    src: url,
    controls: true,
    preload: "none" as const,
    "aria-label": file.name,
    onError: () => setFailed(true),
  };
  const { width = 16, height = 9 } = file;
  if (file.type.startsWith("video/")) {
    return <video {...common} class="video" width={width} height={height} playsinline />;
  }
  return (
    <div class="audio">
      <span class="file-name" dir="auto" title={file.name}>{file.name}</span>
      <audio {...common} />
    </div>
  );
}

/** A voice note: the browser's own player until scripts run. */
export function VoiceNote({ file, url }: PlayerProps) {
  const [isHere, setHere] = useState(false);
  useEffect(() => setHere(true), []);
  return (
    <div class="voice">
      {isHere
        ? <VoicePlayer file={file} url={url} />
        : <audio class="w-full" src={url} controls preload="none" aria-label="Voice note" />}
    </div>
  );
}

/** Has the beginning fetched once it is near the view. */
function nearView(media: HTMLMediaElement | null): (() => void) | undefined {
  if (!media) return;
  const observer = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    media.preload = "metadata";
    observer.disconnect();
  }, { rootMargin: "300px" });
  observer.observe(media);
  return () => observer.disconnect();
}
