/**
 * The inline part of `markdown`: one pass over the text with a stack of emphasis that is open.
 *
 * Emphasis follows CommonMark's flanking rules, with its known fault in Chinese, Japanese and
 * Korean text mended: a letter of those beside a run counts like a space. The stack is bounded, so
 * looking for an opener costs a constant and no tree is deep.
 */

import type { Inline } from "./markdown.ts";
import { readLabelled, readUrl } from "./markdown_links.ts";

/** Emphases open at a time; the outermost becomes text when there is one more. */
export const MAX_OPEN = 12;
/** Longer runs of `*` or `_` are text. */
const MAX_RUN = 3;

const SPECIAL = /[*_~`[\n]|[hH][tT]{2}[pP][sS]?:\/\//g;
const TICKS = /`+/y;
const RUN = /\*+|_+|~+/y;
const PUNCTUATION = /[\p{P}\p{S}]/u;
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** Emphasis that is open, or the root. */
interface Open {
  mark: string;
  /** Marks that are not used yet, of `length` at first. */
  count: number;
  length: number;
  canClose: boolean;
  children: Inline[];
}

/** The inlines of a block's text; `links: false` for the label of a link. */
export function parseInlines(text: string, { links = true } = {}): Inline[] {
  const reader = new Reader(text, links);
  return reader.read();
}

/** What remains of inlines without their markup. */
export function plainText(inlines: Inline[]): string {
  return inlines.map((inline) => {
    if (inline.type === "break") return "\n";
    return "children" in inline ? plainText(inline.children) : inline.text;
  }).join("");
}

class Reader {
  readonly #text: string;
  readonly #links: boolean;
  readonly #stack: Open[] = [open("", 0, false)];
  readonly #closingTicks: Map<number, number>;
  #at = 0;

  constructor(text: string, links: boolean) {
    this.#text = text;
    this.#links = links;
    this.#closingTicks = closingTicks(text);
  }

  read(): Inline[] {
    const text = this.#text;
    while (this.#at < text.length) {
      SPECIAL.lastIndex = this.#at;
      const next = SPECIAL.exec(text)?.index ?? text.length;
      this.#take(next);
      if (next < text.length) this.#special(text[next]);
    }
    while (this.#stack.length > 1) this.#giveUp(this.#stack.length - 1);
    return this.#stack[0].children;
  }

  /** Reads the text up to `end` as it is. */
  #take(end: number): void {
    addText(this.#top, this.#text.slice(this.#at, end));
    this.#at = end;
  }

  get #top(): Inline[] {
    return this.#stack[this.#stack.length - 1].children;
  }

  #special(char: string): void {
    if (char === "\n") this.#add({ type: "break" }, 1);
    else if (char === "`") this.#code();
    else if (char === "[") this.#label();
    else if (char === "h" || char === "H") this.#url();
    else this.#run();
  }

  #add(inline: Inline, length: number): void {
    this.#top.push(inline);
    this.#at += length;
  }

  #code(): void {
    const at = this.#at;
    const end = this.#closingTicks.get(at);
    TICKS.lastIndex = at;
    const { length } = TICKS.exec(this.#text)![0];
    if (end === undefined) return this.#take(at + length);
    const code = this.#text.slice(at + length, end).replaceAll("\n", " ");
    const padded = /^ .* $/.test(code) && code.trim() !== "";
    this.#add({ type: "code", text: padded ? code.slice(1, -1) : code }, end + length - at);
  }

  #label(): void {
    const link = this.#links ? readLabelled(this.#text, this.#at) : null;
    if (!link) return this.#take(this.#at + 1);
    const text = plainText(parseInlines(link.text, { links: false }));
    this.#add({ type: "link", href: link.href, text }, link.length);
  }

  #url(): void {
    const { href, length } = readUrl(this.#text, this.#at);
    if (href === null || !this.#links) return this.#take(this.#at + length);
    const text = this.#text.slice(this.#at, this.#at + length);
    this.#add({ type: "link", href, text }, length);
  }

  #run(): void {
    RUN.lastIndex = this.#at;
    const run = RUN.exec(this.#text)![0];
    const mark = run[0];
    const isMark = mark === "~" ? run.length === 2 : run.length <= MAX_RUN;
    if (!isMark) return this.#take(this.#at + run.length);
    const { canOpen, canClose } = flanks(this.#text, this.#at, run);
    const left = canClose ? this.#close(mark, run.length, canOpen) : run.length;
    this.#at += run.length;
    if (left === 0) return;
    if (!canOpen) return addText(this.#top, mark.repeat(left));
    this.#stack.push({ ...open(mark, run.length, canClose), count: left });
    if (this.#stack.length > MAX_OPEN + 1) this.#giveUp(1);
  }

  /** Closes what `length` marks can close, innermost first; answers how many are left. */
  #close(mark: string, length: number, canOpen: boolean): number {
    let left = length;
    while (left > 0) {
      const index = this.#stack.findLastIndex((open) =>
        open.mark === mark && fits(open, { length, canOpen })
      );
      if (index < 1) return left;
      while (this.#stack.length > index + 1) this.#giveUp(this.#stack.length - 1);
      left -= this.#wrap(this.#stack[index], left);
    }
    return 0;
  }

  /** Turns the content of an opener into emphasis; answers how many marks that took. */
  #wrap(opener: Open, left: number): number {
    const used = Math.min(opener.count, left) >= 2 ? 2 : 1;
    const type = opener.mark === "~" ? "strike" : used === 2 ? "bold" : "italic";
    const emphasis: Inline = { type, children: opener.children };
    opener.count -= used;
    opener.children = [emphasis];
    if (opener.count === 0) {
      this.#stack.pop();
      this.#top.push(emphasis);
    }
    return used;
  }

  /** Nothing closed it: its marks are text. */
  #giveUp(index: number): void {
    const [{ mark, count, children }] = this.#stack.splice(index, 1);
    const parent = this.#stack[index - 1].children;
    addText(parent, mark.repeat(count));
    for (const child of children) {
      if (child.type === "text") addText(parent, child.text);
      else parent.push(child);
    }
  }
}

function open(mark: string, length: number, canClose: boolean): Open {
  return { mark, count: length, length, canClose, children: [] };
}

/** CommonMark's rule of three: keeps `*a**b*` from closing in the middle. */
function fits(opener: Open, closer: { length: number; canOpen: boolean }): boolean {
  if (!opener.canClose && !closer.canOpen) return true;
  if ((opener.length + closer.length) % 3 !== 0) return true;
  return opener.length % 3 === 0 && closer.length % 3 === 0;
}

/** Whether a run may open and close emphasis, by the characters beside it. */
function flanks(text: string, at: number, run: string): { canOpen: boolean; canClose: boolean } {
  const before = charBefore(text, at);
  const after = charAfter(text, at + run.length);
  const left = faces(after, before);
  const right = faces(before, after);
  if (run[0] !== "_") return { canOpen: left, canClose: right };
  return {
    canOpen: left && before !== "\\" && (!right || PUNCTUATION.test(before)),
    canClose: right && (!left || PUNCTUATION.test(after)),
  };
}

/** Whether a run leans on the character `near`, seen that `far` is on its other side. */
function faces(near: string, far: string): boolean {
  if (isSpace(near)) return false;
  return !PUNCTUATION.test(near) || isSpace(far) || PUNCTUATION.test(far) || CJK.test(far);
}

/** Whitespace, or an end of the text. */
function isSpace(char: string): boolean {
  return char === "" || /\s/.test(char);
}

function charAfter(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? "" : String.fromCodePoint(code);
}

function charBefore(text: string, at: number): string {
  return at === 0
    ? ""
    : /^[\udc00-\udfff]/.test(text[at - 1]) && at > 1
    ? charAfter(text, at - 2)
    : text[at - 1];
}

function addText(children: Inline[], text: string): void {
  const last = children.at(-1);
  if (last?.type === "text") last.text += text;
  else if (text !== "") children.push({ type: "text", text });
}

/** For each run of backticks that opens code: where the next run of the same length begins. */
function closingTicks(text: string): Map<number, number> {
  const closing = new Map<number, number>();
  const later = new Map<number, number>();
  for (const { index, 0: { length } } of [...text.matchAll(/`+/g)].reverse()) {
    const end = later.get(length);
    if (end !== undefined) closing.set(index, end);
    later.set(length, index);
  }
  return closing;
}
