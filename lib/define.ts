/** What every request carries, and Fresh's typing functions for it. */

import { createDefine } from "fresh";
import type { Caller } from "./caller.ts";
import type { Services } from "./services.ts";
import type { Session } from "./store/sessions.ts";

/** State of one request; never shared between requests. */
export interface State {
  services: Services;
  caller: Caller;
  /** The sign-in session, `null` for a stranger. */
  session: Session | null;
}

export const define = createDefine<State>();
