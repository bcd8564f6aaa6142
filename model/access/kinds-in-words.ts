import type { Runtime } from "../config/access/place";
import type { IdentityPlan, WorkloadIdentity } from "./identity";

/** What outside of EKS a service runs on, and what there takes its IAM role. */
const RUNTIMES: Readonly<Record<Runtime, { readonly name: string; readonly takers: string }>> = {
  lambda: { name: "Lambda", takers: "Lambda functions" },
  ecs: { name: "ECS", takers: "ECS tasks" },
  ec2: { name: "EC2", takers: "EC2 instances" },
};

/** How an identity is spoken of. */
interface InWords {
  /** What it is: `service on Lambda`. */
  readonly what: string;
  /** What tells it from a service on EKS, where kinds are mixed. @default it is one */
  readonly mark?: string;
}

/** How an identity is spoken of; undefined of a kind that only another version knows. */
function inWords(identity: IdentityPlan): InWords | undefined {
  switch (identity.kind) {
    case "service":
      return identity.verifies
        ? { what: "service that verifies, as a job", mark: "job" }
        : { what: "service" };
    case "workload":
      return { what: `service on ${runtime(identity).name}`, mark: runtime(identity).name };
    case "role":
      return { what: "service with an IAM role that exists already", mark: "existing role" };
    case "principals":
      return { what: "service of listed principals", mark: "principals" };
    case "people":
      return { what: "group of people", mark: "people" };
    default:
      identity satisfies never;
      return undefined;
  }
}

/** What an identity is: `service on Lambda`, `group of people`; undefined of a kind that only another version knows. */
export function whatItIs(identity: IdentityPlan): string | undefined {
  return inWords(identity)?.what;
}

/** What an identity is called where kinds are mixed: people stand out, and so does what is not on EKS. */
export function titleOf(identity: IdentityPlan): string {
  const { mark } = inWords(identity) ?? {};
  return mark === undefined ? identity.key : `${identity.key} (${mark})`;
}

/** Who takes the IAM role of a service on Lambda, ECS or EC2: `Lambda functions`. */
export function takersOf(identity: WorkloadIdentity): string {
  return runtime(identity).takers;
}

function runtime({ runsOn }: WorkloadIdentity) {
  return Object.hasOwn(RUNTIMES, runsOn)
    ? RUNTIMES[runsOn]
    : { name: runsOn, takers: `what runs on ${runsOn}` };
}
