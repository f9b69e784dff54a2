/**
 * The error that carries an HTTP status. Shared by server and browser, so it imports nothing.
 */

/** An error that answers the request with `status`; its message may be shown to the client. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message = "", options?: ErrorOptions) {
    super(message, options);
    this.name = "HttpError";
    this.status = status;
  }
}
