/** Statuses of refusals. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 413;

/**
 * A refusal, in the words of AWS.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
export class StsError extends Error {
  /**
   * @param message what the caller reads, who may be an attacker
   * @param reason what the log says. @default the message
   */
  constructor(
    readonly status: RefusalStatus,
    readonly code: string,
    message: string,
    readonly reason: string = message,
  ) {
    super(message);
    this.name = "StsError";
  }
}

/** The caller may not do that; only the log says why. */
export function accessDenied(message: string, reason: string): StsError {
  return new StsError(403, "AccessDenied", message, reason);
}

/** The token of a web identity does not hold. */
export function invalidIdentityToken(message: string, reason?: string): StsError {
  return new StsError(400, "InvalidIdentityToken", message, reason);
}

/** A parameter is missing or not as it must be. */
export function validationError(message: string, reason?: string): StsError {
  return new StsError(400, "ValidationError", message, reason);
}

/** The request is not one of the Query API at all. */
export function malformedInput(message: string): StsError {
  return new StsError(400, "MalformedInput", message);
}
