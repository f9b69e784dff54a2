/**
 * Draws a parsed message. Everything becomes text nodes and a fixed set of elements; there is no
 * path from a message to HTML. Links open elsewhere and tell the other site nothing.
 */

import type { ComponentChildren } from "preact";
import { type Block, type Inline, parseMarkdown } from "../lib/chat/markdown.ts";

/** `tail` flows at the end of the last line, where it fits, or below the last block. */
export function Markdown({ text, tail }: { text: string; tail?: ComponentChildren }) {
  const blocks = parseMarkdown(text);
  const last = blocks.at(-1);
  const inlineTail = last?.type === "paragraph";
  return (
    <div class="prose">
      {blocks.map((block) => drawBlock(block, block === last && inlineTail ? tail : null))}
      {!inlineTail && tail}
    </div>
  );
}

function drawBlock(block: Block, tail: ComponentChildren) {
  if (block.type === "code") {
    return (
      <pre dir="ltr" tabindex={0} role="group" aria-label="Code"><code>{block.text}</code></pre>
    );
  }
  if (block.type === "quote") {
    return <blockquote dir="auto">{block.children.map(drawInline)}</blockquote>;
  }
  const children = block.children.map(drawInline);
  if (!tail) return <p dir="auto">{children}</p>;
  return (
    <p dir="auto">
      <span>{children}</span>
      {tail}
    </p>
  );
}

function drawInline(inline: Inline): ComponentChildren {
  switch (inline.type) {
    case "text":
      return inline.text;
    case "code":
      return <code>{inline.text}</code>;
    case "break":
      return <br />;
    case "bold":
      return <strong>{inline.children.map(drawInline)}</strong>;
    case "italic":
      return <em>{inline.children.map(drawInline)}</em>;
    case "strike":
      return <s>{inline.children.map(drawInline)}</s>;
    case "link":
      return (
        <a href={inline.href} target="_blank" rel="noopener noreferrer nofollow ugc">
          {inline.text}
        </a>
      );
  }
}
