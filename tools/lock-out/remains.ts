import { unreachable } from "../../lib/unreachable";
import { type BorrowedRight, borrowedRights } from "../../model/access/borrowed-rights";
import { mayTakeRole } from "../../model/access/identity-report";
import { LEVELS } from "../../model/postgresql/levels";
import { noConnection, noOlderSessions } from "./policies";
import type { Circumstances } from "./steps";
import { named, type Target } from "./target";

/** What is still so when an identity is locked out, and what to do about it. */
export function remains(target: Target, { cluster }: Circumstances): string[] {
  const { plan, identity, databaseUsers } = target;
  const users = databaseUsers.join(", ");
  return [
    "Login tokens that were signed before are good for nothing: they are looked at when a session begins, and none begins. IAM takes seconds until a policy counts everywhere; PostgreSQL refuses at once.",
    `${whoTakesTheRole(target)} Nobody can connect by what they get. Find out how the credentials were got hold of before you let ${named(target)} in again.`,
    `The next deployment of ${plan.environment}-access gives ${users} LOGIN back, as the file has it. The policy ${noConnection(target).name} stays, and nobody connects.`,
    forGood(target),
    ...code(target),
    ...(cluster === undefined
      ? [
          "Read replicas of the instance, if it has any, have sessions of their own: end them there by the same statement.",
        ]
      : []),
    ...(identity.through === "proxy"
      ? [
          "Clients of it that the RDS Proxy had let in may still be connected there. What they ask fails while PostgreSQL lets the database user not log in, since the proxy logs in by its own role: as long as one may be connected, keep a deployment from giving LOGIN back, or take away the rule by which it reaches the proxy.",
        ]
      : []),
    "What it did until now: CloudTrail has who took the role (AssumeRole), the postgresql log its sessions with their addresses, changes of schemas and slow statements. What it read is in no log.",
  ];
}

/** What is still so when an identity has been let in again. */
export function remainsAfterUndo(target: Target): string[] {
  const { name } = noOlderSessions(target, "");
  return [
    `Sessions in AWS from before it was locked out stay revoked by the policy ${name}, and programs that still have one need new credentials. It concerns no new session, and may stay.`,
    `Whether all is as planned: npm run verify -- ${target.plan.environment}`,
  ];
}

function whoTakesTheRole({ plan, identity }: Target): string {
  const may = `IAM still lets ${mayTakeRole(plan, identity).join(", ")} take ${identity.iamRole}.`;
  const revoked = "the revoked credentials until they expire, in an hour or some: start it anew";
  switch (identity.kind) {
    case "service":
    case "workload":
      return `${may} What runs keeps ${revoked} if it needs AWS for anything else.`;
    case "role":
      return `Who may take ${identity.iamRole} is not decided here, and whoever has it cannot connect to any other database by it either. What runs keeps ${revoked}.`;
    case "principals":
    case "people":
      return may;
    default:
      return unreachable(identity);
  }
}

/** Terraform deletes a role with every policy that is on it; where the role stays, so do they. */
function forGood(target: Target): string {
  const { plan, identity, member } = target;
  const [first, second] = [noConnection(target), noOlderSessions(target, "")].map(({ name }) => name);
  const policies =
    identity.kind === "role" || member !== undefined
      ? `The policies ${first} and ${second} stay on ${identity.iamRole} until somebody deletes them.`
      : "The role goes, with all that is on it.";
  return `To end it for good, take it out of ${plan.file}, and deploy: npx cdktf deploy ${plan.environment}-access. ${policies}`;
}

/** Code that it may have written, which runs in the sessions of whoever uses it. */
function code({ plan, identity }: Target): string[] {
  const owned = identity.grants.filter(({ level }) => LEVELS[level].ownsSchema);
  return owned.flatMap(({ database, schema }) => {
    const target = `${database}.${schema}`;
    const users = plan.identities.filter(
      (other) =>
        other.key !== identity.key &&
        other.grants.some((grant) => grant.database === database && grant.schema === schema),
    );
    const gains = borrowedRights(plan).filter(
      ({ codeOf, authors }) => codeOf === target && authors.includes(identity.key),
    );
    return [
      `It owned ${target}: views, triggers, functions, defaults and policies there may be its work, and run with the rights of whoever uses them${users.length === 0 ? "" : `, which are ${users.map(({ key }) => key).join(", ")}`}. Compare the schema with its migrations before they go on.`,
      ...gains.map(inWords),
    ];
  });
}

function inWords({ codeOf, level, schema, through }: BorrowedRight): string {
  return `By the code of ${codeOf} it could have had ${level} on ${schema}, in the sessions of ${through.join(", ")}.`;
}
