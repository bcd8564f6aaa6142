/** Whom the board connects as and where, known before any connection is made. */
export interface Identity {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Database user. */
  readonly user: string;
  /** ARN of the IAM role; undefined when credentials come from elsewhere. */
  readonly roleArn?: string;
}
