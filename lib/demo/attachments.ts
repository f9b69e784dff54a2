/** The files of the demo's transcripts, by the names that stand there in braces. All are made here. */

import type { Files } from "../store/file_stores.ts";
import { appendUpload, createUpload } from "../store/uploads.ts";
import { drawScene, type Scene } from "./pictures.ts";
import { speak } from "./sounds.ts";

interface Attachment {
  bytes: Uint8Array<ArrayBuffer>;
  width?: number;
  height?: number;
  duration?: number;
  waveform?: number[];
}

const EVENING: Scene = {
  width: 960,
  height: 640,
  sky: [[64, 84, 142], [246, 160, 112]],
  sea: [40, 58, 96],
  sun: [0.72, 0.42],
  boats: [0.56, 0.85],
};
const MORNING: Scene = {
  width: 640,
  height: 800,
  sky: [[120, 170, 214], [244, 226, 200]],
  sea: [70, 120, 140],
  sun: [0.3, 0.3],
  boats: [0.66],
};

const MINUTES = `Harbour sign, meeting of the four of us

1. Ten panels are ordered.
2. The frame gets 4 mm more.
3. Crabs get no LED.
4. Siobhán is asked first.
`;

const FILES: Readonly<Record<string, () => Attachment | Promise<Attachment>>> = {
  "harbour-evening.png": () => picture(EVENING),
  "harbour-morning.png": () => picture(MORNING),
  "voice-note.wav": () => speak(7),
  "minutes.txt": () => ({ bytes: new TextEncoder().encode(MINUTES) }),
};

async function picture(scene: Scene): Promise<Attachment> {
  return { bytes: await drawScene(scene), width: scene.width, height: scene.height };
}

/** Uploads what a transcript names; answers ids for a post. */
export async function attach(
  files: Files,
  by: string,
  names: readonly string[],
): Promise<string[]> {
  return await Promise.all(names.map(async (name) => {
    if (!Object.hasOwn(FILES, name)) throw new Error(`The demo has no file "${name}"`);
    const { bytes, ...measured } = await FILES[name]();
    const { id } = await createUpload(files, by, {
      name,
      type: "",
      size: bytes.length,
      ...measured,
    });
    await appendUpload(files, by, { id, offset: 0, body: ReadableStream.from([bytes]) });
    return id;
  }));
}
