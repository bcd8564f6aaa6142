import type { IdentityPlan } from "../../../model/access/identity";
import type { AccessPlan, DatabasePlan } from "../../../model/access/plan";
import type { Finding } from "../finding";
import type { Named } from "./compare-fields";
import type { IdentityPair } from "./identity-pairs";
import { leftOut, named } from "./words";

/** Of a name that decides who or what all of it is about: whoever holds the new one gains it. */
export function changedTo<Field extends string>(field: Field, meaning: string) {
  type Part = { readonly [name in Field]?: string };
  return (before: Part, after: Part, { subject }: Named): Finding[] => {
    const now = after[field] ?? "the default";
    const text = `${subject}: ${meaning}: ${now}, and was ${before[field] ?? "the default"}`;
    return [{ kind: "trust-widened", subject, text }];
  };
}

/** Of how sessions of an identity begin. */
export function connectionFindings<Field extends string>(field: Field, meaning: string) {
  type Part = { readonly [name in Field]: string };
  return (before: Part, after: Part, { subject }: Named): Finding[] => {
    const text = `${subject}: ${meaning} ${after[field]}, and was ${before[field]}`;
    return [{ kind: "connection-changed", subject, text }];
  };
}

/** Of the host that its sessions connect to; what it may do there is its grants' to say. */
export function endpointFindings(
  _: Pick<IdentityPlan, "endpoint">,
  after: Pick<IdentityPlan, "endpoint">,
  { subject }: Named,
): Finding[] {
  const now =
    after.endpoint === "reader"
      ? "the readers, which are some milliseconds behind the writer, and no longer to the writer"
      : "the writer, and no longer to the readers";
  return [{ kind: "connection-changed", subject, text: `${subject}: connects to ${now}` }];
}

/** Of the permissions boundary of every identity's IAM role. */
export function boundaryFindings(before: AccessPlan, after: AccessPlan, { subject }: Named): Finding[] {
  const [old, now] = [before.permissionsBoundary, after.permissionsBoundary];
  if (old === undefined) {
    const text = `${subject}: the IAM role of every identity gets the permissions boundary ${now}`;
    return [{ kind: "boundary-set", subject, text }];
  }
  const change =
    now === undefined
      ? `loses its permissions boundary ${old}`
      : `gets the permissions boundary ${now} in place of ${old}`;
  return [
    { kind: "boundary-loosened", subject, text: `${subject}: the IAM role of every identity ${change}` },
  ];
}

/** Of a database that was there before; what Terraform takes over one by one is said of the stack's `import` blocks. */
export function adoptedFindings(_: DatabasePlan, { adopted }: DatabasePlan, { subject }: Named): Finding[] {
  const moved = adopted?.publicTo === undefined ? "" : `; what was in public is in ${adopted.publicTo}`;
  const text = adopted
    ? `${subject}: was there already, and Terraform takes it over${moved}`
    : `${subject}: Terraform has it, and takes it over no more`;
  return [{ kind: "resource-changed", subject, text }];
}

/** Of connections that identities may have at once: one finding for all whose limit changed in the same way. */
export function limitFindings(environment: string, pairs: readonly IdentityPair[]): Finding[] {
  const alike = new Map<string, { before: IdentityPlan; after: IdentityPlan; keys: string[] }>();
  const onBoth = pairs.filter(({ before, after }) => before && after).length;
  for (const { before, after } of pairs) {
    if (!before || !after || before.connectionLimit === after.connectionLimit) continue;
    const at = `${before.connectionLimit} ${after.connectionLimit}`;
    const found = alike.get(at) ?? { before, after, keys: [] };
    found.keys.push(after.key);
    alike.set(at, found);
  }
  return [...alike.values()].map(({ before, after, keys }): Finding => {
    const [only] = keys;
    const subject = keys.length === 1 && only !== undefined ? only : environment;
    const who =
      keys.length === 1
        ? ""
        : keys.length === onBoth
          ? `all ${keys.length} identities: `
          : `${named(keys)}: `;
    const each = keys.length === 1 ? "" : " each";
    const details = keys.length === onBoth && keys.length > 1 ? keys : leftOut(keys);
    return {
      kind: most(after) > most(before) ? "limit-raised" : "limit-lowered",
      subject,
      text: `${subject}: ${who}${limit(after)} connections at once${each}, and had ${limit(before)}`,
      ...(details.length > 0 && { details }),
    };
  });
}

/** To PostgreSQL a negative limit is none. */
function most({ connectionLimit }: IdentityPlan): number {
  return connectionLimit < 0 ? Number.POSITIVE_INFINITY : connectionLimit;
}

function limit(identity: IdentityPlan): string {
  return most(identity) === Number.POSITIVE_INFINITY
    ? "any number of"
    : `at most ${identity.connectionLimit}`;
}
