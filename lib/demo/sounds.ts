/** The demo's voice note: nobody's voice, but with the rise and fall of somebody who says a little. */

const RATE = 8_000;
const BARS = 48;

/** A sound, and what a recorder says of it. */
export interface Sound {
  bytes: Uint8Array<ArrayBuffer>;
  duration: number;
  waveform: number[];
}

/** So many seconds as WAV, of eight bits. */
export function speak(seconds: number): Sound {
  const samples = Math.round(seconds * RATE);
  const wave = Uint8Array.from({ length: samples }, (_, i) => 128 + 100 * voiceAt(i / RATE));
  const bytes = new Uint8Array(44 + samples);
  bytes.set(wavHeader(samples));
  bytes.set(wave, 44);
  const waveform = Array.from(
    { length: BARS },
    (_, n) => Math.round(100 * loudnessAt((n + 0.5) / BARS * seconds)),
  );
  return { bytes, duration: Math.round(seconds * 1000), waveform };
}

/** Syllables, with a breath now and then. */
function loudnessAt(second: number): number {
  const breath = Math.sin(second * 1.3) > -0.75 ? 1 : 0.05;
  const syllable = Math.abs(Math.sin(second * 8.5 + Math.sin(second * 3)));
  return breath * syllable * (0.6 + 0.4 * Math.sin(second * 2.1));
}

function voiceAt(second: number): number {
  const pitch = 140 + 12 * Math.sin(second * 2.4);
  const turn = 2 * Math.PI * pitch * second;
  const vowel = Math.sin(turn) + 0.5 * Math.sin(2 * turn) + 0.3 * Math.sin(5 * turn);
  return loudnessAt(second) * vowel / 1.8;
}

function wavHeader(samples: number): Uint8Array {
  const header = new Uint8Array(44);
  const view = new DataView(header.buffer);
  const write = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
  write(0, "RIFF");
  view.setUint32(4, 36 + samples, true);
  write(8, "WAVEfmt ");
  view.setUint32(16, 16, true); // bytes of what follows
  view.setUint16(20, 1, true); // not compressed
  view.setUint16(22, 1, true); // one channel
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE, true); // bytes a second
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  write(36, "data");
  view.setUint32(40, samples, true);
  return header;
}
