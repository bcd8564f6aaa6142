import {
  accountOf,
  type IdentityPlan,
  type PeopleBase,
  type PrincipalsIdentity,
} from "../../../model/access/identity";
import { takersOf } from "../../../model/access/kinds-in-words";
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
      return `${takersOf(identity)} with its IAM role`;
    case "role":
      return `whoever may take the IAM role ${identity.iamRole} (not decided here)`;
    case "principals":
      return [principalsInWords(identity.principals, plan), ...externalIds(identity)].join(" with ");
    case "people":
      return [
        ("members" in identity ? `${people(identity)} by ` : "") +
          principalsInWords(identity.principals, plan),
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

/** Of what lists principals: who may take its IAM role now, and who no longer may. */
export function principalFindings(
  { principals: was = [] }: Partial<Pick<PeopleBase, "principals">>,
  { principals: is = [] }: Partial<Pick<PeopleBase, "principals">>,
  { subject, ...plans }: AboutIdentity,
): Finding[] {
  const added = is.filter((arn) => !was.includes(arn)).sort();
  const removed = was.filter((arn) => !is.includes(arn)).sort();
  const line = (verb: string, arns: readonly string[], plan: AccessPlan) =>
    `${subject}: ${principalsInWords(arns, plan)} ${verb} become it`;
  return [
    ...(added.length > 0
      ? [{ kind: "trust-widened", subject, text: line("may newly", added, plans.after) } as const]
      : []),
    ...(removed.length > 0
      ? [{ kind: "trust-narrowed", subject, text: line("may no longer", removed, plans.before) } as const]
      : []),
  ];
}

/** Of listed principals: what they must say when they take the IAM role. Who knows the one says not the other. */
export function externalIdFindings(
  before: Pick<PrincipalsIdentity, "externalId">,
  after: Pick<PrincipalsIdentity, "externalId">,
  { subject }: Named,
): Finding[] {
  const [old, now] = [externalIds(before), externalIds(after)];
  const widened = { kind: "trust-widened", subject } as const;
  const narrowed = { kind: "trust-narrowed", subject } as const;
  if (now.length === 0) {
    return [
      { ...widened, text: `${subject}: may be taken without an external id, and was only with ${old}` },
    ];
  }
  if (old.length === 0) return [{ ...narrowed, text: `${subject}: may be taken only with ${now}` }];
  return [
    { ...widened, text: `${subject}: may newly be taken with ${now}` },
    { ...narrowed, text: `${subject}: may no longer be taken with ${old}` },
  ];
}

function externalIds({ externalId }: Pick<PrincipalsIdentity, "externalId">): string[] {
  return externalId === undefined ? [] : [`the external id ${externalId}`];
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

function principalsInWords(arns: readonly string[], plan: AccessPlan): string {
  return listed([...arns].sort().map((arn) => principalInWords(arn, plan)));
}

/** A principal, and what is special about it. */
function principalInWords(arn: string, { account, accounts = [] }: AccessPlan): string {
  if (arn.includes("*")) return `${arn} (anybody whom that fits)`;
  const [, of] = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn) ?? [];
  const everybody = arn.endsWith(":root") ? ", everybody there whom it lets" : "";
  if (of === undefined) return `${arn} (of no account that can be told)`;
  if (of === account && everybody === "") return arn;
  const name = accounts.find(({ id }) => id === of)?.name;
  const whose =
    of === account ? "this account" : `of another account, ${of}${name === undefined ? "" : ` ${name}`}`;
  return `${arn} (${whose}${everybody})`;
}
