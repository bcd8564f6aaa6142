import { databaseUsers } from "../../../../model/access/identity";
import type { AccessPlan, DatabasePlan } from "../../../../model/access/plan";

/** What anybody may do with a schema that it owns, and with what its owner creates. */
const EVERYTHING = {
  schema: ["USAGE", "CREATE"],
  table: ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"],
  sequence: ["SELECT", "UPDATE", "USAGE"],
  function: ["EXECUTE"],
} as const;

/**
 * Who may do what, by going through a plan's rows one by one: `<identity> <schema> <kind> <privilege> <on what>`. Stated once
 * more and as plainly as can be, so that it can disagree with what the review computes. Of PUBLIC nothing is said here.
 */
export function mayDo(plan: AccessPlan): Set<string> {
  const found = new Set<string>();
  for (const identity of plan.identities) {
    for (const database of plan.databases) {
      for (const role of [...databaseUsers(identity), ...withOwners(identity.memberOf, plan)]) {
        for (const right of ofRole(role, database)) found.add(`${identity.key} ${right}`);
      }
    }
  }
  return found;
}

/** Groups, and those that owner groups among them read. */
function withOwners(groups: readonly string[], { databases }: AccessPlan): string[] {
  const schemas = databases.flatMap((database) => database.schemas);
  const reads = groups.flatMap((group) => schemas.find(({ owner }) => owner === group)?.ownerReads ?? []);
  return [...new Set([...groups, ...reads])];
}

function ofRole(role: string, { name, schemas, grants }: DatabasePlan): string[] {
  const rights: string[] = [];
  for (const schema of schemas) {
    if (schema.owner !== role) continue;
    for (const [kind, privileges] of Object.entries(EVERYTHING)) {
      for (const privilege of privileges) {
        rights.push(`${name}.${schema.name} ${kind} ${privilege} that exist`);
        rights.push(`${name}.${schema.name} ${kind} ${privilege} by ${schema.owner}`);
      }
    }
  }
  for (const grant of grants) {
    if (grant.role !== role || grant.schema === undefined) continue;
    for (const privilege of grant.privileges) {
      const which = grant.createdBy === undefined ? "that exist" : `by ${grant.createdBy}`;
      rights.push(`${name}.${grant.schema} ${grant.objectType} ${privilege} ${which}`);
    }
  }
  return rights;
}

/** What is in the second and not in the first. */
export function more(before: ReadonlySet<string>, after: ReadonlySet<string>): string[] {
  return [...after].filter((right) => !before.has(right));
}

/** Identity and schema of rights of {@link mayDo}, each pair once. */
export function whoAndWhere(rights: readonly string[]): string[] {
  return [...new Set(rights.map((right) => right.split(" ").slice(0, 2).join(" ")))];
}
