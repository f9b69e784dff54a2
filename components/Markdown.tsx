/**
 * Draws a parsed message. Everything becomes text nodes and a fixed set of elements; there is no
 * path from a message to HTML. Links open elsewhere and tell the other site nothing.
 */

import type { ComponentChildren, VNode } from "preact";
import { splitMentions } from "../lib/chat/mentions.ts";
import { type Block, type Inline, parseMarkdown } from "../lib/chat/markdown.ts";

/** Whom the names in a message stand for: ids by folded username. */
export interface Mentioned {
  me: string;
  people: ReadonlyMap<string, string>;
}

/** `tail` flows at the end of the last line, where it fits, or below the last block. */
export function Markdown(
  { text, tail, mentioned }: { text: string; tail?: ComponentChildren; mentioned?: Mentioned },
) {
  const blocks = parseMarkdown(text);
  const last = blocks.at(-1);
  const inlineTail = last?.type === "paragraph";
  return (
    <div class="prose">
      {blocks.map((block) =>
        drawBlock(block, block === last && inlineTail ? tail : null, mentioned)
      )}
      {!inlineTail && tail}
    </div>
  );
}

function drawBlock(block: Block, tail: ComponentChildren, mentioned?: Mentioned) {
  const draw = (inline: Inline) => drawInline(inline, mentioned);
  if (block.type === "code") {
    return (
      <pre dir="ltr" tabindex={0} role="group" aria-label="Code"><code>{block.text}</code></pre>
    );
  }
  if (block.type === "quote") {
    return <blockquote dir="auto">{block.children.map(draw)}</blockquote>;
  }
  const children = block.children.map(draw);
  if (!tail) return <p dir="auto">{children}</p>;
  return (
    <p dir="auto">
      <span>{children}</span>
      {tail}
    </p>
  );
}

function drawInline(inline: Inline, mentioned?: Mentioned): ComponentChildren {
  const draw = (child: Inline) => drawInline(child, mentioned);
  switch (inline.type) {
    case "text":
      return mentioned ? drawText(inline.text, mentioned) : plain(inline.text);
    case "code":
      return <code>{inline.text}</code>;
    case "break":
      return <br />;
    case "bold":
      return <strong>{inline.children.map(draw)}</strong>;
    case "italic":
      return <em>{inline.children.map(draw)}</em>;
    case "strike":
      return <s>{inline.children.map(draw)}</s>;
    case "link":
      return (
        <a href={inline.href} target="_blank" rel="noopener noreferrer nofollow ugc">
          {inline.text}
        </a>
      );
  }
}

/** A text among elements: as a bare string in a list the server's page would escape it twice. */
function plain(text: string): VNode {
  return <>{text}</>;
}

/** A name leads to its person; one's own stands out, and `@all` is everybody's own. */
function drawText(text: string, { me, people }: Mentioned): ComponentChildren {
  return splitMentions(text, (name) => people.get(name)).map((part) => {
    if (typeof part === "string") return plain(part);
    if (part.id === me) {
      return (
        <b class="mention mention-me">
          <bdi>{part.text}</bdi>
        </b>
      );
    }
    const query = new URLSearchParams({ q: part.text.slice(1) });
    return (
      <a href={`/chat?${query}`} class="mention" data-person={part.id}>
        <bdi>{part.text}</bdi>
      </a>
    );
  });
}
