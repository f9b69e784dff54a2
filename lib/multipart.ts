/**
 * `multipart/form-data` read as it comes: `Request.formData()` holds whole files in memory, this no
 * more than one chunk of the body. Parts must be read in their order, each to its end.
 * https://www.rfc-editor.org/rfc/rfc7578
 */

import { InvalidError, TooLargeError } from "./chat/errors.ts";
import { alive } from "./live/transfers.ts";
import { concat } from "./chat/bytes.ts";

/** What is read of a form that was refused: a browser shows no answer while it cannot send on. */
const MAX_DRAINED_BYTES = 64 * 1024 * 1024;
/** Longest headers of a part, in bytes. */
const MAX_HEADER_BYTES = 8 * 1024;

/** One field of a form. */
export interface Part {
  name: string;
  /** There only for files; empty where none was chosen. */
  fileName?: string;
  type: string;
  body: AsyncIterable<Uint8Array>;
}

type Bytes = Uint8Array;

/** The parts of a form. Throws {@link InvalidError} where the body is no such form or breaks off. */
export async function* readMultipart(request: Request): AsyncGenerator<Part> {
  const boundary = boundaryOf(request);
  const input = new Input(
    request.body ? alive(request.body) : [],
    new TextEncoder().encode(`\r\n--${boundary}`),
  );
  try {
    for await (const _ of input.upToBoundary()) continue; // what precedes the first part says nothing
    while (await input.hasPart()) {
      const part = { ...headersOf(await input.headers()), body: input.upToBoundary() };
      yield part;
      for await (const _ of part.body) continue;
    }
  } finally {
    await input.drain();
  }
}

function boundaryOf(request: Request): string {
  const type = request.headers.get("content-type") ?? "";
  const match = /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(
    type,
  );
  if (!match) throw new InvalidError("This form came in a way that is not understood.");
  return match[1] ?? match[2];
}

function headersOf(text: string): Omit<Part, "body"> {
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(text)?.[1] ?? "";
  const name = parameter(disposition, "name");
  if (name === undefined) throw new InvalidError("A field of this form has no name.");
  const fileName = parameter(disposition, "filename");
  const type = /^content-type:\s*(\S.*?)\s*$/im.exec(text)?.[1] ?? "";
  return { name, ...fileName !== undefined && { fileName }, type };
}

/** Browsers write quotes and line ends in names as percent signs and hex digits. */
function parameter(header: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}="([^"]*)"`, "i").exec(`;${header}`);
  return match?.[1].replace(/%(22|0D|0A)/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

class Input {
  #chunks: AsyncIterator<Bytes> | Iterator<Bytes>;
  #boundary: Bytes;
  /** What was read and not used. The first boundary needs no line end before it. */
  #rest: Bytes = new TextEncoder().encode("\r\n");

  constructor(body: AsyncIterable<Bytes> | Iterable<Bytes>, boundary: Bytes) {
    this.#chunks = Symbol.asyncIterator in body
      ? body[Symbol.asyncIterator]()
      : body[Symbol.iterator]();
    this.#boundary = boundary;
  }

  /** Everything before the next boundary, which is passed. Again: nothing. */
  async *upToBoundary(): AsyncGenerator<Bytes> {
    for (;;) {
      const at = indexOf(this.#rest, this.#boundary);
      const end = at >= 0 ? at : this.#rest.length - this.#boundary.length + 1;
      if (end > 0) yield this.#take(end);
      if (at >= 0) return void this.#take(this.#boundary.length);
      await this.#more();
    }
  }

  /** Whether another part follows the boundary that was passed. */
  async hasPart(): Promise<boolean> {
    while (this.#rest.length < 2) await this.#more();
    const mark = new TextDecoder().decode(this.#take(2));
    if (mark !== "\r\n" && mark !== "--") throw new InvalidError(MALFORMED);
    return mark === "\r\n";
  }

  /** The headers of a part, without the blank line after them. */
  async headers(): Promise<string> {
    const blank = new TextEncoder().encode("\r\n\r\n");
    for (;;) {
      const at = indexOf(this.#rest, blank);
      if (at >= 0) {
        const text = new TextDecoder().decode(this.#take(at));
        this.#take(blank.length);
        return text;
      }
      if (this.#rest.length > MAX_HEADER_BYTES) throw new InvalidError(MALFORMED);
      await this.#more();
    }
  }

  /** Reads on to the end, or until it is too much. */
  async drain(): Promise<void> {
    try {
      for (let left = MAX_DRAINED_BYTES; left > 0;) {
        const { done, value } = await this.#chunks.next();
        if (done) return;
        left -= value.length;
      }
      await this.#chunks.return?.();
    } catch {
      // It broke off: nobody waits for an answer.
    }
  }

  #take(length: number): Bytes {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#chunks.next();
    if (done) throw new InvalidError(MALFORMED);
    this.#rest = concat([this.#rest, value]);
  }
}

const MALFORMED = "This form did not arrive whole; send it again.";

function indexOf(bytes: Bytes, wanted: Bytes): number {
  for (let at = bytes.indexOf(wanted[0]); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

/** A field's value. Throws {@link TooLargeError} above so many bytes. */
export async function textOf({ body }: Part, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new TooLargeError("The request is too big.");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
