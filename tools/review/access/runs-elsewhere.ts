import { accountOf, type IdentityPlan } from "../../../model/access/identity";
import type { AccessPlan } from "../../../model/access/plan";
import type { Finding } from "../finding";
import { type AboutIdentity, whoMayBecome } from "./trust";
import { listed } from "./words";

/** Whose ServiceAccounts they are, on either side. */
export function accountsOf(...plans: readonly AccessPlan[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const identity of plans.flatMap(({ identities }) => identities)) {
    if (identity.kind !== "service") continue;
    const at = accountOf(identity);
    found.set(at, (found.get(at) ?? new Set<string>()).add(identity.key));
  }
  return found;
}

/**
 * Of a service: it runs elsewhere, or its pods are others than before. Its database user and what it may do stay, and others
 * than before may become it.
 */
export function placeFindings(
  before: IdentityPlan,
  after: IdentityPlan,
  { subject, accounts, reach, before: base, after: head }: AboutIdentity,
): Finding[] {
  const [was, is] = [placeOf(before), placeOf(after)];
  if (was === is) return [];
  if (after.kind !== "service" || before.kind !== "service") {
    const become = (who: string, may: string) => `${subject}: ${who} ${may} become it`;
    const comes = after.kind === "service" ? reach(after) : [];
    return [
      {
        kind: "trust-widened",
        subject,
        text: become(whoMayBecome(after, head), "may newly"),
        ...(comes.length > 0 && { also: comes }),
      },
      { kind: "trust-narrowed", subject, text: become(whoMayBecome(before, base), "may no longer") },
      ...(learnsFrom(before, base) === learnsFrom(after, head)
        ? []
        : [
            {
              kind: "connection-changed" as const,
              subject,
              text: `${subject}: how it connects is in ${learnsFrom(after, head)}, and no longer in ${learnsFrom(before, base)}`,
            },
          ]),
    ];
  }
  const others = [...(accounts.get(accountOf(after)) ?? [])].filter((key) => key !== after.key);
  const whose = others.length === 0 ? "" : ` (that of ${listed(others)})`;
  const isNew = !base.namespaces.some(({ name }) => name === after.namespace);
  const text = `${subject}: trusts ServiceAccount ${accountOf(after)}${whose}${isNew ? " in a new namespace" : ""}, and no longer ${accountOf(before)}`;
  const also = before.namespace === after.namespace ? [] : reach(after);
  return [{ kind: "trust-widened", subject, text, ...(also.length > 0 && { also }) }];
}

/** Where a service finds how to connect; of people, who are told, and of what is not known here nothing is said. */
export function learnsFrom(identity: IdentityPlan, { environment }: AccessPlan): string | undefined {
  switch (identity.kind) {
    case "service":
      return `the ConfigMap ${identity.namespace}/${identity.configMap}`;
    case "workload":
    case "role":
    case "principals":
      return `the SSM parameters /${environment}/database/${identity.key}`;
    case "people":
      return undefined;
    default:
      identity satisfies never;
      return undefined;
  }
}

/** Where something runs, as a text; the principals of a list are compared one by one elsewhere. */
function placeOf(identity: IdentityPlan): string {
  switch (identity.kind) {
    case "service":
      return accountOf(identity);
    case "workload":
      return `workload ${identity.runsOn}`;
    default:
      return identity.kind;
  }
}
