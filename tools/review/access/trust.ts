import { accountOf, type IdentityPlan, type PeopleBase } from "../../../model/access/identity";
import type { AccessPlan } from "../../../model/access/plan";
import { untilInWords } from "../../../model/config/access/until";
import type { Finding } from "../finding";
import type { Named } from "./compare-fields";
import { people } from "./members";
import type { Reach } from "./namespace-reach";
import { listed } from "./words";

/** What findings about an identity need to know beside it. */
export interface AboutIdentity extends Named {
  readonly before: AccessPlan;
  readonly after: AccessPlan;
  /** Who had a ServiceAccount before or has it now: keys by `<namespace>/<name>`. */
  readonly accounts: ReadonlyMap<string, ReadonlySet<string>>;
  readonly reach: Reach;
}

/** Who may become an identity: `ServiceAccount shop/orders-api`. */
export function whoMayBecome(identity: IdentityPlan, plan: AccessPlan): string {
  switch (identity.kind) {
    case "service":
      return `ServiceAccount ${accountOf(identity)}`;
    case "workload":
      return `what runs on ${identity.runsOn} with its role`;
    case "role":
      return `whoever may take the IAM role ${identity.iamRole}, which is not decided here,`;
    case "principals":
      return listed([...identity.principals].sort().map((arn) => principalInWords(arn, plan)));
    case "people":
      return [
        ("members" in identity ? `${people(identity)} by ` : "") +
          listed([...identity.principals].sort().map((arn) => principalInWords(arn, plan))),
        ...CONDITIONS.filter(({ field }) => identity[field]).map(({ name }) => name),
      ]
        .join(" with ")
        .concat(identity.until === undefined ? "" : ` ${untilInWords(identity.until)}`);
    default:
      // Another version's kind. One of this version's is a type error here until it has words.
      identity satisfies never;
      return "whoever its kind lets";
  }
}

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

/** Of a service: its pods are others than before. */
export function accountFindings(
  before: IdentityPlan,
  after: IdentityPlan,
  { subject, accounts, reach, before: plan }: AboutIdentity,
): Finding[] {
  if (before.kind !== "service" || after.kind !== "service") return [];
  const now = accountOf(after);
  if (now === accountOf(before)) return [];
  const others = [...(accounts.get(now) ?? [])].filter((key) => key !== after.key);
  const whose = others.length === 0 ? "" : ` (that of ${listed(others)})`;
  const isNew = !plan.namespaces.some(({ name }) => name === after.namespace);
  const text = `${subject}: trusts ServiceAccount ${now}${whose}${isNew ? " in a new namespace" : ""}, and no longer ${accountOf(before)}`;
  const also = before.namespace === after.namespace ? [] : reach(after);
  return [{ kind: "trust-widened", subject, text, ...(also.length > 0 && { also }) }];
}

/** Of people: who may take their IAM role now, and who no longer may. */
export function principalFindings(
  before: PeopleBase,
  after: PeopleBase,
  { subject, ...plans }: AboutIdentity,
): Finding[] {
  const added = after.principals.filter((arn) => !before.principals.includes(arn)).sort();
  const removed = before.principals.filter((arn) => !after.principals.includes(arn)).sort();
  const line = (verb: string, arns: readonly string[], plan: AccessPlan) =>
    `${subject}: ${listed(arns.map((arn) => principalInWords(arn, plan)))} ${verb} become it`;
  return [
    ...(added.length > 0
      ? [{ kind: "trust-widened", subject, text: line("may newly", added, plans.after) } as const]
      : []),
    ...(removed.length > 0
      ? [{ kind: "trust-narrowed", subject, text: line("may no longer", removed, plans.before) } as const]
      : []),
  ];
}

/** What sessions that take people's IAM role must have. */
const CONDITIONS = [
  { field: "requireMfa", name: "MFA" },
  { field: "requireSourceIdentity", name: "a source identity" },
] as const;

/** Finds that a condition on people is new or gone. */
export function conditionFindings(field: (typeof CONDITIONS)[number]["field"]) {
  const name = CONDITIONS.find((each) => each.field === field)?.name ?? field;
  return (_: PeopleBase, after: PeopleBase, { subject }: AboutIdentity): Finding[] => [
    after[field]
      ? { kind: "trust-narrowed", subject, text: `${subject}: may be taken only with ${name}` }
      : { kind: "trust-widened", subject, text: `${subject}: may be taken without ${name}` },
  ];
}

/** A principal, and what is special about it. */
function principalInWords(arn: string, { account }: AccessPlan): string {
  if (arn.includes("*")) return `${arn} (anybody whom that fits)`;
  const [, of] = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn) ?? [];
  const everybody = arn.endsWith(":root") ? ", everybody there whom it lets" : "";
  if (of === undefined) return `${arn} (of no account that can be told)`;
  return of === account && everybody === ""
    ? arn
    : `${arn} (${of === account ? "this account" : `of another account, ${of}`}${everybody})`;
}
