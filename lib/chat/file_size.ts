/** How large a file is, for people. */

/** `850 kB`, `1.2 MB`, `25 MB`: units of a thousand, as operating systems and providers count. */
export function sizeLabel(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  if (bytes < 999_500) return `${Math.round(bytes / 1_000)} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 9_950_000 ? 1 : 0)} MB`;
}
