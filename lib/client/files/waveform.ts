/** The shape of a recording: how loud it is from moment to moment, as a short list of numbers. */

/**
 * The peaks of `bars` equal stretches as whole numbers from 0 to `top`, the loudest as `top`.
 * Silence stays silent: what is below {@link FLOOR} of full scale is not blown up.
 */
export function waveformOf(
  samples: Float32Array,
  { bars, top }: { bars: number; top: number },
): number[] {
  if (samples.length === 0) return [];
  const peaks = Array.from({ length: bars }, (_, bar) => {
    const from = Math.floor(bar * samples.length / bars);
    const to = Math.max(from + 1, Math.floor((bar + 1) * samples.length / bars));
    return peakOf(samples, { from, to });
  });
  const loudest = Math.max(FLOOR, ...peaks);
  // The ear hears loudness by ratios: the square root shows quiet speech beside a laugh.
  return peaks.map((peak) => Math.round(Math.sqrt(Math.min(1, peak / loudest)) * top));
}

/** Peak below which a recording counts as silent; full scale is 1. */
const FLOOR = 0.02;

function peakOf(samples: Float32Array, { from, to }: { from: number; to: number }): number {
  let peak = 0;
  for (let at = from; at < to; at++) {
    const size = Math.abs(samples[at]);
    if (size > peak) peak = size;
  }
  return peak;
}
