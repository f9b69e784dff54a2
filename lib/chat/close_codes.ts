/**
 * Why the server closes a socket. A client reconnects after every code but those in
 * {@link isFinal}. 1xxx are RFC 6455's and the IANA registry's, 4xxx are ours.
 */
export const CloseCode = {
  /** The instance stops or is replaced: come back, spread over some seconds. */
  RESTART: 1012,
  /** A message was over `MAX_MESSAGE_BYTES`. */
  TOO_BIG: 1009,
  /** Not text, not JSON, or the first frame was no `hello`. */
  PROTOCOL: 4400,
  /** The session ended: sign in again. */
  SIGNED_OUT: 4401,
  /** No `hello` in time, or nothing heard for too long. */
  TIMEOUT: 4408,
  /** The client speaks a version that this server does not. */
  BAD_VERSION: 4426,
  /** Too many frames in too little time. */
  FLOOD: 4429,
  /** The client reads too slowly; it resumes exactly. */
  TOO_SLOW: 4430,
} as const;

/** Whether a client should stop reconnecting after this close code. */
export function isFinal(code: number): boolean {
  return code === CloseCode.SIGNED_OUT || code === CloseCode.BAD_VERSION;
}
