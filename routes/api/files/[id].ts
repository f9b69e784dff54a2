/** An upload of the caller's: send a part of it, ask how far it is, or end it. */

import { InvalidError } from "../../../lib/chat/errors.ts";
import type { UploadState } from "../../../lib/chat/file_refs.ts";
import { define } from "../../../lib/define.ts";
import { alive } from "../../../lib/live/transfers.ts";
import { cancelUpload } from "../../../lib/store/file_sweep.ts";
import { appendUpload, getUpload } from "../../../lib/store/uploads.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { files }, session } = ctx.state;
    return stateResponse(await getUpload(files, session!.user.id, ctx.params.id));
  },

  async PATCH(ctx) {
    const { services: { files, transfers }, session } = ctx.state;
    const { id: me } = session!.user;
    const part = {
      id: ctx.params.id,
      offset: numberIn(ctx.req.headers, "upload-offset"),
      length: ctx.req.headers.has("content-length")
        ? numberIn(ctx.req.headers, "content-length")
        : 0,
      body: ctx.req.body ? alive(ctx.req.body) : emptyBody(),
    };
    return stateResponse(await transfers.run(me, () => appendUpload(files, me, part)));
  },

  async DELETE(ctx) {
    const { services: { files, sweeper }, session } = ctx.state;
    await cancelUpload(files, session!.user.id, ctx.params.id);
    sweeper.kick();
    return new Response(null, { status: 204 });
  },
});

function stateResponse(state: UploadState): Response {
  return Response.json(state, { headers: { "upload-offset": String(state.offset) } });
}

function numberIn(headers: Headers, name: string): number {
  const value = headers.get(name) ?? "";
  if (!/^\d{1,15}$/.test(value)) throw new InvalidError(`Say ${name} as a whole number of bytes.`);
  return Number(value);
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}
