/** Draws the files of one message into the place that the message has for them. */

import { hydrate, render } from "preact";
import { Attachments, type AttachmentsProps } from "./Attachments.tsx";

const drawn = new WeakSet<Element>();

/** Takes over what the server has drawn there, or draws anew; null takes it all away. */
export function drawFiles(box: Element, props: AttachmentsProps | null): void {
  const takesOver = !drawn.has(box) && box.hasChildNodes();
  drawn.add(box);
  box.toggleAttribute("data-files-drawn", true);
  const files = props && <Attachments {...props} />;
  if (takesOver && files) hydrate(files, box);
  else render(files, box);
}
