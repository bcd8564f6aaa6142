import type { Account } from "./account";
import { type TrustRequest, trusts } from "./policy-evaluation";
import { accessDenied } from "./sts-error";
import type { StsSession } from "./sts-session-store";

/** What is asked for of a role. */
export interface RoleRequest {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly DurationSeconds: number;
}

/** Who asks for it. */
export interface RoleCaller {
  /** As a trust policy sees it; every action must be allowed. */
  readonly asking: Omit<TrustRequest, "action"> & { readonly actions: readonly string[] };
  /** As the log names it. */
  readonly caller: string;
  /** What it reads when it is refused; the same for a role that does not exist, so that nobody finds out by asking. */
  readonly refusal: string;
  /** What the session says of itself from then on. @default nothing */
  readonly session?: StsSession["context"];
}

/**
 * A session of a role.
 * @throws StsError when its trust policy does not let the caller take it
 */
export function takeRole(
  iam: Account,
  given: RoleRequest,
  { asking: { actions, principal, context: known }, caller, refusal, session }: RoleCaller,
): StsSession {
  const role = iam.role(given.RoleArn);
  if (!role) throw accessDenied(refusal, `there is no role ${given.RoleArn}`);
  const { trust } = role;
  const context = { ...known, "sts:RoleSessionName": given.RoleSessionName };
  if (!trust || !actions.every((action) => trusts(trust, { action, principal, context })))
    throw accessDenied(refusal, `${role.arn} does not trust ${caller}`);
  return iam.issue({
    principalArn: given.RoleArn,
    sessionName: given.RoleSessionName,
    durationSeconds: given.DurationSeconds,
    context: session,
  });
}
