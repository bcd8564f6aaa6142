import { type IdentityPlan, type Login, loginsOf } from "../../../model/access/identity";
import type { PasswordlessPath } from "../passwordless-path";
import { outcomeOf, READ_ONLY, type Try } from "./check";

/** Somebody who tries things: an identity, or a member of a group of people. */
export interface Actor {
  readonly path: PasswordlessPath;
  readonly identity: IdentityPlan;
  /** Its database user, and who of the members it is. */
  readonly login: Login;
  /** When its access ends, in milliseconds since 1970. @default never */
  readonly end?: number;
  /** It has ended by now. */
  readonly ended: boolean;
  /** Tries something, as this one. */
  readonly attempt: Try;
  /** Tries something through the readers, which write nothing. */
  readonly attemptOnReader: Try;
}

/** Everybody of a plan: each identity, or each of its members. */
export function actorsOf(path: PasswordlessPath): Actor[] {
  return path.plan.identities.flatMap((identity) => {
    const end = endOf(identity);
    const ended = hasEnded(identity, path.now());
    return loginsOf(identity).map((login): Actor => {
      const who = login.member === undefined ? "" : `${login.member}: `;
      const attempt =
        (where: string, denials: readonly string[]): Try =>
        async (subject, what, expected, run) => ({
          identity: identity.key,
          subject,
          what: `${who}${what}${where}`,
          expected,
          outcome: await outcomeOf(run, denials),
        });
      return {
        path,
        identity,
        login,
        ...(end !== undefined && { end }),
        ended,
        attempt: attempt("", []),
        attemptOnReader: attempt(", through the readers", [READ_ONLY]),
      };
    });
  });
}

/** Whether an identity's access has ended by a time, in milliseconds since 1970. */
export function hasEnded(identity: IdentityPlan, now: number): boolean {
  const end = endOf(identity);
  return end !== undefined && end <= now;
}

function endOf(identity: IdentityPlan): number | undefined {
  return identity.kind === "people" && identity.until !== undefined ? Date.parse(identity.until) : undefined;
}

/** Whether two identities have one role that is not made here: whoever has it may log in as either. */
export function sharesRole(identity: IdentityPlan, other: IdentityPlan): boolean {
  return identity.key !== other.key && identity.iamRole === other.iamRole;
}
