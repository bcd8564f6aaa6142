import type { AcceptedFinding } from "../../model/access/plan";
import type { Finding, Verification } from "./finding";

/** What the environment file says of a finding. */
export type Acceptance = Pick<AcceptedFinding, "owner" | "reason" | "until">;

/** A finding, and what the environment file says of it if it does. */
export interface JudgedFinding extends Finding {
  readonly acceptance?: Acceptance;
}

/** A verification, and what of it counts. */
export interface JudgedVerification extends Verification {
  /** Those that count; of one with an `acceptance` that has ended, or does not hold since the finding is `unnamed`. */
  readonly findings: readonly JudgedFinding[];
  /** Those that do not count yet. */
  readonly accepted: readonly (Finding & { readonly acceptance: Acceptance })[];
  /** What is accepted and was not found: it would be there for whoever comes to need it. */
  readonly noLongerFound: readonly AcceptedFinding[];
}

/** A judged verification: of what, and when. */
export interface VerifiedDatabase extends JudgedVerification {
  readonly environment: string;
  /** The environment file that it was compared with. */
  readonly file: string;
  readonly server: ReadServer;
  readonly now: Date;
}

/** Which server was read, and by whom. */
export interface ReadServer {
  /** `host:port`. */
  readonly address: string;
  readonly serverVersion: string;
  readonly user: string;
}
