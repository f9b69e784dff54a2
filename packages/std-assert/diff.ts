/** A changed region larger than this many cells is shown whole, old then new, not matched line by line. */
const MAX_CELLS = 4_000_000;

/**
 * A line diff of two texts: `-` lines are only in `actual`, `+` lines only in `expected`.
 * Takes time and memory in proportion to the product of the changed line counts, up to a cap.
 */
export function diffLines(actual: string, expected: string): string {
  const a = actual.split("\n");
  const b = expected.split("\n");
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (
    end < a.length - start && end < b.length - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  ) end++;
  return [
    ...mark("  ", a.slice(0, start)),
    ...diffChanged(
      a.slice(start, a.length - end),
      b.slice(start, b.length - end),
    ),
    ...mark("  ", a.slice(a.length - end)),
  ].join("\n");
}

function diffChanged(a: string[], b: string[]): string[] {
  if (a.length * b.length > MAX_CELLS) {
    return [...mark("- ", a), ...mark("+ ", b)];
  }
  const common = commonLengths(a, b);
  const lines: string[] = [];
  let i = 0, j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) lines.push(`  ${a[i++]}`), j++;
    else if (common[i + 1][j] >= common[i][j + 1]) lines.push(`- ${a[i++]}`);
    else lines.push(`+ ${b[j++]}`);
  }
  return [...lines, ...mark("- ", a.slice(i)), ...mark("+ ", b.slice(j))];
}

/** `table[i][j]`: length of the longest common subsequence of `a` from `i` and `b` from `j`. */
function commonLengths(a: string[], b: string[]): Uint32Array[] {
  const table = Array.from(
    { length: a.length + 1 },
    () => new Uint32Array(b.length + 1),
  );
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i][j] = a[i] === b[j]
        ? table[i + 1][j + 1] + 1
        : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  return table;
}

function mark(prefix: string, lines: string[]): string[] {
  return lines.map((line) => prefix + line);
}
