import { assert, assertEquals } from "@std/assert";
import { waveformOf } from "../../../../lib/client/files/waveform.ts";

const SHAPE = { bars: 4, top: 31 };

Deno.test("a waveform has a bar for each stretch, the loudest at the top", () => {
  const samples = new Float32Array(400);
  samples.fill(0.01, 0, 100).fill(0.1, 100, 200).fill(-0.4, 200, 300).fill(0.025, 300);
  const bars = waveformOf(samples, SHAPE);
  assertEquals(bars[2], 31);
  assert(bars[0] < bars[3] && bars[3] < bars[1] && bars[1] < bars[2], String(bars));
});

Deno.test("silence stays flat, and nothing recorded has no waveform", () => {
  const noise = new Float32Array(400).map((_, at) => (at % 2 ? 1e-4 : -1e-4));
  assert(waveformOf(noise, SHAPE).every((bar) => bar <= 3));
  assertEquals(waveformOf(new Float32Array(0), SHAPE), []);
});

Deno.test("a recording of fewer samples than bars fills them all", () => {
  assertEquals(waveformOf(new Float32Array([0.5, 0.5]), SHAPE), [31, 31, 31, 31]);
});
