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

/** Element id of the island data; the boot script knows it, too. */
const DATA_ID = "__FRSH_STATE";

/** Makes the whole document of a rendered body. */
export function toDocument(body: string, state: RenderState, basePath: string): string {
  const head = renderHead(state);
  const { links, scripts } = islandTags(state, basePath);
  const reload = state.snapshot?.mode === "development" ? reloadScript(state, basePath) : "";
  const doctype = /^\s*<html/i.test(body) ? "<!DOCTYPE html>" : "";
  return doctype +
    insertBeforeEnd(fillHead(body, head + links), scripts + reload);
}

function renderHead(state: RenderState): string {
  // What the page's own <head> renders may itself hold <Head>, so it is rendered first.
  const collected = state.head ? renderToString(fragment(state.head)) : "";
  return state.extra.length > 0 ? renderToString(fragment(mergedHead(state))) : collected;
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

function islandTags(state: RenderState, basePath: string) {
  const { snapshot, islands } = state;
  if (!snapshot || islands.length === 0) return { links: "", scripts: "" };
  const folder = basePath + CLIENT_FOLDER;
  const nonce = nonceAttribute(state);
  const data = islandData(islands);
  const links = chunksOf(state, snapshot, data.r !== undefined)
    .map((chunk) => `<link rel="modulepreload" href="${folder}${chunk}"${nonce}>`);
  const scripts =
    `<script type="application/json" id="${DATA_ID}" data-build="${snapshot.buildId}"${nonce}>` +
    `${scriptJson(data)}</script>` +
    `<script type="module" src="${folder}${snapshot.boot.chunk}"${nonce}></script>`;
  return { links: links.join(""), scripts };
}

/** Every chunk that the page will load, so that the browser can fetch them at once. */
function chunksOf(state: RenderState, snapshot: Snapshot, revives: boolean): string[] {
  const entries = [snapshot.boot, ...state.islands.map(({ island }) => island)];
  if (revives) entries.push(snapshot.revive);
  return [...new Set(entries.flatMap(({ chunk, imports }) => [chunk, ...imports]))];
}

function reloadScript(state: RenderState, basePath: string): string {
  return `<script type="module" src="${basePath}/_fresh/reload.js"${
    nonceAttribute(state)
  }></script>`;
}

function nonceAttribute(state: RenderState): string {
  return state.nonce ? ` nonce="${state.nonce}"` : "";
}
