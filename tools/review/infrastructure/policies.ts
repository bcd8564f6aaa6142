import { isDeepStrictEqual } from "node:util";
import { type JsonObject, own, shown } from "./differences";
import type { Effect } from "./effect";
import {
  allowsNoMore,
  beyond,
  conditionsOf,
  EVERYTHING,
  NOTHING,
  negationsOf,
  type Policy,
  readPolicy,
  statementLines,
  wildcardsOf,
} from "./policy-document";

/** Attributes that hold a policy document as text. */
const POLICIES = ["policy", "assume_role_policy", "inline_policy"] as const;

/**
 * What holds where there is no policy: of VPC endpoints everything, of KMS keys what AWS writes itself, of which nobody can say
 * whether it is less; of others nothing.
 */
const WITHOUT: Readonly<Record<string, string | undefined>> = {
  aws_vpc_endpoint: EVERYTHING,
  aws_kms_key: "AWS's default",
};

/** What a change does to the policies of a resource; of one that is new or gone, the other side is undefined. */
export function policyEffects(
  type: string,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
): Effect[] {
  // Nobody has lost or gained by a policy that nobody had: all of it is new.
  const nothing = before && after && Object.hasOwn(WITHOUT, type) ? WITHOUT[type] : NOTHING;
  return POLICIES.flatMap((attribute): Effect[] => {
    const [was, is] = [before, after].map((side) => (side ? own(side, attribute) : undefined));
    if (isDeepStrictEqual(was, is)) return [];
    const change = policyChange(was ?? nothing, is ?? nothing);
    return [{ ...change, says: `${attribute} ${change.says}`, tells: [[attribute]] }];
  });
}

/** What becomes of what a policy allows. */
export function policyChange(was: unknown, is: unknown): Effect {
  const details = [
    ...statementLines(was).map((line) => `before: ${line}`),
    ...statementLines(is).map((line) => `after: ${line}`),
  ];
  const [before, after] = [readPolicy(was), readPolicy(is)];
  if (!before || !after) {
    return { kind: "policy-widened", says: "is another, and cannot be read here", details };
  }
  const narrower = allowsNoMore(after, before);
  if (narrower && allowsNoMore(before, after)) {
    return { kind: "resource-changed", says: "says the same in other words", details };
  }
  return narrower
    ? { kind: "policy-narrowed", says: `allows less (${summary(after, before)})`, details }
    : { kind: "policy-widened", says: `allows more, or other things (${summary(after, before)})`, details };
}

/** What a policy gives and takes that another did not, in names. */
function summary(after: Policy, before: Policy): string {
  const without = (list: readonly string[], other: readonly string[]) =>
    [...new Set(list)].filter((each) => !other.includes(each));
  const parts = [
    ["gains", beyond(after, before, true)],
    ["loses", beyond(before, after, true)],
    ["newly denies", beyond(after, before, false)],
    ["no longer denies", beyond(before, after, false)],
    ["newly only if", without(conditionsOf(after), conditionsOf(before))],
    ["no longer only if", without(conditionsOf(before), conditionsOf(after))],
    ["says what it is not about:", without(negationsOf(after), negationsOf(before))],
    ["wildcards", without(wildcardsOf(after), wildcardsOf(before))],
  ] as const;
  const said = parts.filter(([, names]) => names.length > 0);
  if (said.length === 0) return "the same names, put together otherwise";
  return said.map(([what, names]) => `${what} ${shown(names.join("; "), 120)}`).join("; ");
}
