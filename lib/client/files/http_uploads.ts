/** The road of uploads over HTTP, as docs/api.md has it. Parts go by XMLHttpRequest: it tells how far. */

import type { UploadState } from "../../chat/file_refs.ts";
import { type Part, UploadError, type UploadTransport } from "./transfer.ts";

const UPLOADS = "/api/files";

/** Uploads to the site that this page is from. */
export const httpUploads: UploadTransport = {
  begin({ name, type, size, width, height, duration, waveform }) {
    const about = { name, ...type && { type }, size, width, height, duration, waveform };
    const body = JSON.stringify(about);
    const headers = { "content-type": "application/json" };
    return ask(UPLOADS, { method: "POST", headers, body });
  },
  look: (id, signal) => ask(`${UPLOADS}/${id}`, { signal }),
  send: (id, part) => sendPart(`${UPLOADS}/${id}`, part),
  async drop(id) {
    const response = await fetch(`${UPLOADS}/${id}`, { method: "DELETE", keepalive: true });
    await response.body?.cancel();
  },
};

async function ask(path: string, init: RequestInit): Promise<UploadState> {
  const response = await fetch(path, init);
  return answer(response.status, await response.text());
}

function sendPart(path: string, { at, blob, signal, progress }: Part): Promise<UploadState> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open("PATCH", path);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("upload-offset", String(at));
    request.upload.onprogress = ({ loaded }) => progress(Math.min(loaded, blob.size));
    request.onloadend = () => signal.removeEventListener("abort", abort);
    request.onabort = () => reject(signal.reason);
    request.onerror = () => reject(new TypeError("The connection was lost."));
    request.onload = () => {
      try {
        resolve(answer(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    else request.send(blob);
  });
}

/** Refusals that pass: another offset than the server's, too fast, or a server in trouble. */
const PASSING = new Set([408, 409, 425, 429]);
/** Milliseconds before the server is asked where it is after all. */
const ASK_AGAIN_MS = 250;

function answer(status: number, body: string): UploadState {
  const value = parse(body);
  if (status >= 200 && status < 300) return value as unknown as UploadState;
  const message = typeof value.error === "string" ? value.error : `The server said ${status}.`;
  if (status === 404 || status === 410) throw new UploadError(message, { kind: "gone" });
  if (status === 401) {
    throw new UploadError("You are signed out. Sign in again to send this.", { kind: "refused" });
  }
  if (!PASSING.has(status) && status < 500) throw new UploadError(message, { kind: "refused" });
  const retryAfterMs = typeof value.retryAfterMs === "number"
    ? value.retryAfterMs
    : status === 409
    ? ASK_AGAIN_MS
    : undefined;
  throw new UploadError(message, { kind: "later", retryAfterMs });
}

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
