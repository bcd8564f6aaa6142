import { quote, suggestion } from "../../../lib/nearest";
import type { Level } from "../../postgresql/levels";
import { schemaTarget } from "../../postgresql/names";
import { placeOf } from "../access/place";
import type { IdentitySection } from "../environment";
import type { Problem } from "../problem";
import type { Rule } from "../rule";
import type { EnvironmentFile } from "../schema";
import { type RuledAccess, type RuledGrant, type RuledIdentity, target } from "./ruled-access";
import { ANY, type RuleName, type StandingRule } from "./standing-rule";
import { breachesOf, RULE_NAMES, STANDING_RULES } from "./standing-rules";

/**
 * What `review` says to no effect. A rule that is broken is no error of the file: a review asks for approval. But an
 * exception that nothing needs would be there for whoever comes to need it.
 */
export const reviewRules: readonly Rule[] = [
  {
    reads: ["account", "access", "review"],
    check: (file) => {
      const access = ruledAccess(file);
      return RULE_NAMES.flatMap((name) => [
        ...exceptionProblems(name, file, access),
        ...entryProblems(name, file, access),
      ]);
    },
  },
];

/** What standing rules look at in a file, before there is a plan. */
export function ruledAccess({ account, access }: Pick<EnvironmentFile, "account" | "access">): RuledAccess {
  return { account, identities: Object.values(SECTIONS).flatMap((identities) => identities(access)) };
}

/** What the identities of each section come to. */
const SECTIONS: Readonly<Record<IdentitySection, (access: EnvironmentFile["access"]) => RuledIdentity[]>> = {
  services: ({ services }) =>
    Object.entries(services).map(([key, service]) => ({
      kind: placeOf(key, service)?.kind ?? "service",
      key,
      grants: grantsOf(service.grants),
      ...(service.namespace !== undefined && { namespace: service.namespace }),
      ...(service.principals !== undefined && { principals: service.principals }),
    })),
  people: ({ people }) =>
    Object.entries(people).map(([key, { principals, grants }]) => ({
      kind: "people",
      key,
      grants: grantsOf(grants),
      principals,
    })),
};

/** What exceptions to a rule may name. */
const NAMES: Readonly<Record<StandingRule<unknown>["subject"], (access: RuledAccess) => readonly string[]>> =
  {
    identity: ({ identities }) => identities.map(({ key }) => key),
    namespace: ({ identities }) => identities.flatMap(({ namespace }) => namespace ?? []),
    schema: ({ identities }) => identities.flatMap(({ grants }) => grants.map(target)),
  };

function exceptionProblems(name: RuleName, { review }: EnvironmentFile, access: RuledAccess): Problem[] {
  const { subject } = STANDING_RULES[name];
  const known = [...new Set(NAMES[subject](access))];
  const broken = new Set(breachesOf(name, review.rules, access).map((breach) => breach.subject));
  return Object.keys(review.exceptions[name] ?? {})
    .filter((key) => !broken.has(key))
    .map((key) => {
      const why = !known.includes(key)
        ? `there is no ${subject} ${quote(key)} with access.${suggestion(key, known)}`
        : review.rules[name] === ANY
          ? `review.rules.${name} is ${ANY}, which needs no exception; take it out`
          : `review.rules.${name} holds for ${quote(key)}, which needs no exception; take it out`;
      return { path: ["review", "exceptions", name, key], onKey: true, message: why };
    });
}

/** Entries of a rule's list without which as much would be allowed. Those of the default may be there for later. */
function entryProblems(name: RuleName, { review }: EnvironmentFile, access: RuledAccess): Problem[] {
  const entries: unknown = review.rules[name];
  if (!Array.isArray(entries)) return [];
  const breachesWith = (list: readonly string[]) =>
    JSON.stringify(
      breachesOf(name, { ...review.rules, [name]: list }, access).map(({ subject, ways }) => [subject, ways]),
    );
  const usual: unknown = STANDING_RULES[name].schema.parse(undefined);
  return entries.flatMap((entry, index): Problem[] => {
    const others = entries.filter((_, other) => other !== index);
    if (breachesWith(others) !== breachesWith(entries) || (Array.isArray(usual) && usual.includes(entry)))
      return [];
    const message = `review.rules.${name} allows as much without ${quote(entry)}; take it out, or correct it`;
    return [{ path: ["review", "rules", name, index], message }];
  });
}

function grantsOf(grants: Readonly<Record<string, Level>>): RuledGrant[] {
  return Object.entries(grants).map(([name, level]) => ({ ...schemaTarget(name), level }));
}
