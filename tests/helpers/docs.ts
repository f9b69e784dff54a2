/** Reads a page of the docs: its sections, tables and blocks of code. */

const ROOT = new URL("../../", import.meta.url);

/** The text of a file of the repository. */
export function readPage(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, ROOT));
}

/** The `##` sections of a page by heading, or the `###` ones within one of those. */
export function sections(page: string, within?: string): Map<string, string> {
  if (within !== undefined) return split(sections(page).get(within) ?? "", "### ");
  return split(page, "## ");
}

function split(text: string, mark: string): Map<string, string> {
  const parts = text.split(new RegExp(`^${mark}`, "m")).slice(1);
  return new Map(parts.map((part) => [plain(part.split("\n", 1)[0]), part]));
}

/** Rows of the tables whose first column has this heading: cells without backticks, by column. */
export function tableOf(section: string, first: string): Record<string, string>[] {
  const rows: Record<string, string>[] = [];
  let columns: string[] | null = null;
  for (const line of section.split("\n")) {
    const cells = line.startsWith("|") ? line.split("|").slice(1, -1).map(plain) : null;
    if (!cells) columns = null;
    else if (!columns) columns = cells;
    else if (columns[0] === first && !/^-+$/.test(cells[0])) {
      rows.push(Object.fromEntries(columns.map((column, i) => [column, cells[i]])));
    }
  }
  return rows;
}

/** The blocks of code in a language. */
export function codeBlocks(section: string, language: string): string[] {
  const blocks = section.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm);
  return [...blocks].filter(([, name]) => name === language).map(([, , code]) => code);
}

function plain(cell: string): string {
  return cell.trim().replaceAll("`", "");
}
