/** A waveform as bars, the part that was played in full colour. */

import { MAX_LOUDNESS } from "../../lib/chat/limits.ts";

/** Height of the drawing, and of a bar for silence. */
const HEIGHT = 32;
const SILENT = 3;

export function Waveform({ bars, played }: { bars: readonly number[]; played: number }) {
  const shown = bars.length > 0 ? bars : Array<number>(32).fill(0);
  const d = shown.map((loudness, at) => {
    const height = SILENT + loudness / MAX_LOUDNESS * (HEIGHT - SILENT);
    return `M${at * 3 + 1.5} ${(HEIGHT - height) / 2 + 1}v${Math.max(0.1, height - 2)}`;
  }).join("");
  const common = {
    viewBox: `0 0 ${shown.length * 3} ${HEIGHT}`,
    preserveAspectRatio: "none",
    stroke: "currentColor",
    "stroke-width": 2,
    "stroke-linecap": "round" as const,
    "aria-hidden": "true" as const,
  };
  const left = `${(100 - played * 100).toFixed(2)}%`;
  return (
    <>
      <svg {...common}>
        <path d={d} />
      </svg>
      <svg {...common} style={{ clipPath: `inset(0 ${left} 0 0)` }}>
        <path d={d} />
      </svg>
    </>
  );
}
