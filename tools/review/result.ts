import type { AccessPlan } from "../../model/access/plan";
import type { JudgedFinding } from "./finding";
import type { StackCounts } from "./infrastructure/compare-stacks";

/** What a change does, and whether somebody has to approve it. */
export interface Review {
  readonly version: 1;
  /** What the two sides are called. */
  readonly base: string;
  readonly head: string;
  /** What is found of both sides as a whole, such as that their code differs; ordered as an environment's. */
  readonly findings: readonly JudgedFinding[];
  readonly environments: readonly EnvironmentReview[];
  readonly outcome: "nothing to approve" | "approval needed" | "approved";
  /** What an approval has to name, when there is anything to approve. */
  readonly digest?: string;
  /** Access of the change that had ended by the time of the review, a line each; no digest is of it. @default none had */
  readonly ended?: readonly string[];
  /** The approval that was given, when it was for something else. */
  readonly approvedOther?: string;
}

/** What a change does to one environment. */
export interface EnvironmentReview {
  readonly name: string;
  /** Those to approve first, then those to know, then those that are allowed; each in the order they were found. */
  readonly findings: readonly JudgedFinding[];
  readonly counts: readonly StackCounts[];
  /** Access before and after, where it could be read. */
  readonly before?: AccessPlan;
  readonly after?: AccessPlan;
}
