import type { PolicyDocument } from "../../../model/aws/policy-document";

/** An IAM role of this machine's stand-in for AWS, as the access stack synthesised it. */
export interface LocalRole {
  readonly name: string;
  readonly arn: string;
  /** Who may take it. @default it was made elsewhere, and nobody can take it here */
  readonly trust?: PolicyDocument;
  /** Instances can be started with it. @default false */
  readonly inInstanceProfile?: boolean;
  /** What it allows. */
  readonly permissions: readonly PolicyDocument[];
}

/** Credentials of a session of a role, as the token service hands them out. */
export interface SessionCredentials {
  /** Starts with ASIA, as those of every session do. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
  /** ARN of the role. */
  readonly roleArn: string;
}

/** What the gateway asks the stand-in for AWS when it checks a token. */
export interface LocalIam {
  /** The session an access key belongs to, also after it has expired; undefined when nobody issued it. */
  session(accessKeyId: string): SessionCredentials | undefined;
  /**
   * True when the policies of a session's role allow it the action on exactly this resource, at this moment. Whether the
   * session has expired is for the caller to ask.
   */
  allows(accessKeyId: string, action: string, resource: string): boolean;
}
