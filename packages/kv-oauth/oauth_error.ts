import * as oauth from "oauth4webapi";

/**
 * A sign-in that the provider refused, or whose answer cannot be trusted. It has no `cause`, on
 * purpose: that of oauth4webapi's errors holds codes, states and tokens, which a log must not show.
 */
export class OAuthError extends Error {
  override name = "OAuthError";
  /** The provider's error code, such as `access_denied`. */
  readonly error?: string;

  constructor(reason: string, error?: string) {
    super(`Cannot sign in: ${reason}`);
    this.error = error;
  }

  /** Translates oauth4webapi's errors; null for any other. */
  static from(error: unknown): OAuthError | null {
    if (
      error instanceof oauth.AuthorizationResponseError ||
      error instanceof oauth.ResponseBodyError
    ) {
      const { error: code, error_description: description } = error;
      const detail = description ? ` (${JSON.stringify(description)})` : "";
      return new OAuthError(
        `the provider answered ${JSON.stringify(code)}${detail}`,
        code,
      );
    }
    if (
      error instanceof oauth.OperationProcessingError ||
      error instanceof oauth.UnsupportedOperationError ||
      error instanceof oauth.WWWAuthenticateChallengeError
    ) return new OAuthError(error.message);
    return null;
  }
}
