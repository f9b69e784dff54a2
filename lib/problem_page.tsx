/** Error answers: a page for browsers, JSON for the API. Complete without any middleware. */

import type { Context } from "fresh";
import { ErrorPage } from "../components/ErrorPage.tsx";
import type { State } from "./define.ts";
import { isApi, problemHeaders, problemJson, toProblem } from "./http.ts";

/** Answers an error; without one, it is an address that leads nowhere. */
export function renderProblem(ctx: Context<State>, error: unknown): Response | Promise<Response> {
  const problem = error
    ? toProblem(error)
    : { status: 404, message: "There is nothing at this address." };
  if (isApi(ctx)) return problemJson(problem);
  return ctx.render(<ErrorPage status={problem.status} message={problem.message} />, {
    status: problem.status,
    headers: problemHeaders(problem),
  }, { skipAppWrapper: true, skipInheritedLayouts: true });
}
