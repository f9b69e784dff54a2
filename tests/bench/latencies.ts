/** The arithmetic of measuring: percentiles of many latencies, medians of few runs, rounding. */

/** The value below which a share of the values lie; 0 for none. Nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

/** The middle one of a few values; the lower one of two. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The medians of runs, metric by metric. */
export function medians(runs: readonly Record<string, number>[]): Record<string, number> {
  const names = Object.keys(runs[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, median(runs.map((run) => run[name]))]));
}

/** Three significant digits below 100, whole above. */
export function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

/** Slope of a line through points, by least squares. */
export function slope(points: readonly { x: number; y: number }[]): number {
  const mean = (of: (p: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [mx, my] = [mean((p) => p.x), mean((p) => p.y)];
  const above = points.reduce((sum, { x, y }) => sum + (x - mx) * (y - my), 0);
  const below = points.reduce((sum, { x }) => sum + (x - mx) ** 2, 0);
  return below === 0 ? 0 : above / below;
}
