/**
 * Where a message shows its files. Rooms without files need nothing of what draws them: a browser
 * loads that when a message with files is there, and it takes over what the server has drawn.
 */

import { Component, createRef } from "preact";
import { cx } from "../cx.ts";
import type { Attachments, AttachmentsProps } from "./Attachments.tsx";
import { loadMore, type More } from "./load_more.ts";

/** What draws on the server, where everything is at hand; see `server_files.ts`. */
export const server: { view?: typeof Attachments } = {};
let more: More | undefined;

/** Loads what draws files; a room that is opened afterwards has them at once, in their size. */
export async function preloadFiles(): Promise<void> {
  more ??= await loadMore();
}

export class FilesSlot extends Component<AttachmentsProps> {
  readonly #place = createRef<HTMLDivElement>();

  override componentDidMount(): void {
    this.#draw();
  }

  override componentDidUpdate(): void {
    this.#draw();
  }

  override componentWillUnmount(): void {
    if (this.#place.current) more?.drawFiles(this.#place.current, null);
  }

  override render(props: AttachmentsProps) {
    const [first, ...others] = props.files;
    const isWide = others.length > 0 || !first.type.startsWith("image/");
    const classes = cx("files", isWide && "files-wide");
    if (server.view) return <div class={classes}>{server.view(props)}</div>;
    // Preact leaves the inside alone: it is drawn as a root of its own.
    return <div ref={this.#place} class={classes} dangerouslySetInnerHTML={{ __html: "" }} />;
  }

  #draw(): void {
    const place = this.#place.current;
    if (!place) return;
    if (more) return more.drawFiles(place, this.props);
    preloadFiles().then(() => this.#draw(), () => {});
  }
}
