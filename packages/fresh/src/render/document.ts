/**
 * Completes a rendered page: fills its `<head>`, and adds the boot script with the island data
 * when there are islands. Runs inside the page's render state.
 */
import { type ComponentChildren, Fragment, h } from "preact";
import { renderToString } from "preact-render-to-string";
import { CLIENT_FOLDER, type Snapshot } from "../snapshot.ts";
import { HEAD_MARK } from "./hooks.ts";
import { mergedHead } from "./head.ts";
import { islandData, scriptJson } from "./serialize.ts";
import type { RenderState } from "./state.ts";

/** Element id of the island data. */
const DATA_ID = "__FRSH_STATE";

/** Makes the whole document of a rendered body. */
export function toDocument(
  body: string,
  state: RenderState,
  basePath: string,
): string {
  const head = renderHead(state);
  const folder = basePath + CLIENT_FOLDER;
  const { snapshot, islands } = state;
  const scripts = snapshot && islands.length > 0
    ? bootScripts(state, snapshot, folder)
    : "";
  const links = snapshot && islands.length > 0
    ? preloads(state, snapshot, folder)
    : "";
  const reload = snapshot?.mode === "development"
    ? reloadScript(state, basePath)
    : "";
  const start = /^\s*<html/i.test(body) ? "<!DOCTYPE html>" : "";
  return start +
    insertBeforeEnd(fillHead(body, head + links), scripts + reload);
}

function renderHead(state: RenderState): string {
  // What the page's own <head> renders may itself hold <Head>, so it is rendered first.
  const collected = state.head ? renderToString(fragment(state.head)) : "";
  return state.extra.length > 0
    ? renderToString(fragment(mergedHead(state)))
    : collected;
}

function fragment(children: ComponentChildren) {
  return h(Fragment, null, children);
}

function fillHead(body: string, head: string): string {
  const at = body.indexOf(HEAD_MARK);
  if (at === -1) return head + body;
  return body.slice(0, at) + head + body.slice(at + HEAD_MARK.length);
}

function insertBeforeEnd(body: string, html: string): string {
  const at = body.lastIndexOf("</body>");
  return at === -1 ? body + html : body.slice(0, at) + html + body.slice(at);
}

function bootScripts(
  state: RenderState,
  snapshot: Snapshot,
  folder: string,
): string {
  const nonce = nonceAttribute(state);
  const data = scriptJson(islandData(state.islands));
  return `<script type="application/json" id="${DATA_ID}" data-build="${snapshot.buildId}"${nonce}>` +
    `${data}</script><script type="module" src="${folder}${snapshot.boot.chunk}"${nonce}></script>`;
}

function preloads(
  state: RenderState,
  snapshot: Snapshot,
  folder: string,
): string {
  const chunks = new Set([snapshot.boot.chunk, ...snapshot.boot.imports]);
  for (const { island } of state.islands) {
    for (const chunk of [island.chunk, ...island.imports]) chunks.add(chunk);
  }
  const nonce = nonceAttribute(state);
  return [...chunks]
    .map((chunk) =>
      `<link rel="modulepreload" href="${folder}${chunk}"${nonce}>`
    )
    .join("");
}

function reloadScript(state: RenderState, basePath: string): string {
  return `<script type="module" src="${basePath}/_fresh/reload.js"${
    nonceAttribute(state)
  }></script>`;
}

function nonceAttribute(state: RenderState): string {
  return state.nonce ? ` nonce="${state.nonce}"` : "";
}
