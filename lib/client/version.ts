import type { PROTOCOL_VERSION } from "../chat/commands.ts";

/** The version this client speaks; the type makes it the server's. */
export const VERSION: typeof PROTOCOL_VERSION = 1;
