import { z } from "zod";
import { groupBy } from "../../../lib/group-by";
import { LEVEL_NAMES } from "../../postgresql/levels";
import { accountId, distinct, whole } from "../fields";
import { levelsAbove, owns, type RuledAccess, target, writes } from "./ruled-access";
import {
  ANY,
  type Asked,
  type Breach,
  type RuleName,
  type RulesAsked,
  type RuleValues,
  type StandingRule,
} from "./standing-rule";

/** Names of identities; what `*` alone would say is said by {@link ANY}, which reads as what it is. */
const pattern = z
  .string()
  .regex(
    /^(?=.*[a-z0-9])(?=.{1,63}$)[a-z0-9-]*\*?[a-z0-9-]*$/,
    "must be the name of a service or group of people, in which one * may stand for any characters",
  );

/** Anything, or what a rule asks for. */
function orAny<Value extends z.ZodType>(value: Value, what: string) {
  const must = `must be ${what}, or ${ANY}`;
  return z.union([value, z.enum([ANY], must)], must);
}

/**
 * The standing rules. To add one, add it here and to {@link RuleValues}: the file, its reference, the review and the
 * comparison of rules follow.
 */
export const STANDING_RULES: { readonly [Name in RuleName]: StandingRule<RuleValues[Name]> } = {
  peopleAtMost: {
    schema: z
      .enum([...LEVEL_NAMES, ANY])
      .default("read-only")
      .meta({
        description:
          "The highest level that people may have on a schema, and who may be people: services of listed principals, or with an IAM role that exists already; `any`: whatever there is",
        examples: ["read-write"],
      }),
    subject: "identity",
    breaches: (most, { identities }) =>
      identities.flatMap(({ kind, key, grants }) => {
        // What takes the IAM role is a pod or what AWS runs; of a kind that is not known here it may be anybody.
        if (kind === "service" || kind === "workload") return [];
        const whose =
          kind === "principals" || kind === "role"
            ? "whoever takes its IAM role may be people, who"
            : "people";
        const tooMuch = grants.flatMap((grant) => {
          const above = levelsAbove(most, grant.level);
          const ways = above.map((level) => `${target(grant)} ${level}`);
          return above.length === 0 ? [] : [{ ways, text: `${grant.level} on ${target(grant)}` }];
        });
        const has = tooMuch.map(({ text }) => text).join(", ");
        return breach(
          key,
          tooMuch.flatMap(({ ways }) => ways),
          `has ${has}, and ${whose} may have at most ${most}`,
        );
      }),
    allowsMore: (before, after) => levelsAbove(before, after).length > 0,
  },
  owners: {
    schema: orAny(distinct(z.array(pattern)), "a list of names")
      .default(["*-migrations"])
      .meta({
        description:
          "Services and groups of people that may own a schema, * standing for any characters; `any`: all of them",
        examples: [["*-migrations", "schema-tool"]],
      }),
    subject: "identity",
    breaches: (patterns, { identities }) =>
      identities.flatMap(({ key, grants }) => {
        if (patterns.some((each) => covers(each, key))) return [];
        const owned = grants.filter(owns).map(target);
        const may = patterns.length === 0 ? "nobody" : `only ${patterns.join(", ")}`;
        return breach(key, owned, `owns ${owned.join(", ")}, and ${may} may own a schema`);
      }),
    allowsMore: (before, after) => after.some((each) => !before.some((other) => covers(other, each))),
  },
  accounts: {
    schema: orAny(distinct(z.array(accountId)), "a list of account ids")
      .default([])
      .meta({
        description:
          "Accounts besides the environment's own whose IAM roles and users may be principals, of people and of services; `any`: all accounts",
        omitted: "`[]`, none",
        examples: [["210987654321"]],
      }),
    subject: "identity",
    breaches: (others, { account, identities }) =>
      identities.flatMap(({ key, principals = [] }) => {
        const strange = principals.filter((arn) => ![account, ...others].includes(arn.split(":")[4] ?? ""));
        const may = [account, ...others].join(", ");
        return breach(key, strange, `can be ${strange.join(", ")}, and principals must be of ${may}`);
      }),
    allowsMore: (before, after) => after.some((account) => !before.includes(account)),
  },
  namespaces: {
    schema: z
      .enum(["owners-apart", ANY])
      .default(ANY)
      .meta({
        description:
          "`owners-apart`: services that own a schema are in other namespaces than those that do not, since whoever may start pods in a namespace can be any service in it. `any`, the default, lets a service and its migrations share one",
        examples: ["owners-apart"],
      }),
    subject: "namespace",
    breaches: (_, { identities }) =>
      [...groupBy(identities, ({ namespace = "" }) => namespace)].flatMap(([name, inside]) => {
        const [owners, others] = [true, false].map((owner) =>
          inside.filter(({ grants }) => grants.some(owns) === owner).map(({ key }) => key),
        );
        // People are in no namespace.
        if (name === "" || !owners?.length || !others?.length) return [];
        const ways = [...owners.map((key) => `owner ${key}`), ...others.map((key) => `other ${key}`)];
        const text = `in this namespace, whoever may start pods for ${others.join(", ")} can be ${owners.join(", ")}, and services that own schemas must be in namespaces of their own`;
        return breach(name, ways, text);
      }),
    allowsMore: () => false,
  },
  writersPerSchema: {
    schema: orAny(whole(1, 1000).meta({ examples: [3] }), "a whole number from 1 to 1000")
      .default(ANY)
      .meta({
        description:
          "How many services and groups of people may write to a schema at most, its owner among them; `any`: as many as there are",
        examples: [3],
      }),
    subject: "schema",
    breaches: (most, { identities }) => {
      const writers = identities.flatMap(({ key, grants }) =>
        grants.filter(writes).map((grant) => ({ key, schema: target(grant) })),
      );
      return [...groupBy(writers, ({ schema }) => schema)].flatMap(([name, inside]) => {
        const keys = inside.map(({ key }) => key);
        const text = `${keys.join(", ")} may write, and at most ${most} may`;
        return keys.length > most ? breach(name, keys, text) : [];
      });
    },
    allowsMore: (before, after) => after > before,
  },
};

/** Every standing rule. */
export const RULE_NAMES: readonly RuleName[] = Object.keys(STANDING_RULES).filter((name): name is RuleName =>
  Object.hasOwn(STANDING_RULES, name),
);

/** Where a rule does not hold, exceptions apart. */
export function breachesOf<Name extends RuleName>(
  name: Name,
  asked: RulesAsked,
  access: RuledAccess,
): Breach[] {
  const value: Asked<Name> = asked[name];
  return value === ANY ? [] : STANDING_RULES[name].breaches(value, access);
}

/** Whether what is asked later lets something be that was not to be before. */
export function allowsMore<Name extends RuleName>(
  name: Name,
  before: RulesAsked,
  after: RulesAsked,
): boolean {
  const then: Asked<Name> = before[name];
  const now: Asked<Name> = after[name];
  if (then === ANY || now === ANY) return then !== ANY;
  return STANDING_RULES[name].allowsMore(then, now);
}

/** Whether one pattern fits all that another fits; a name is a pattern that fits itself. */
function covers(pattern: string, other: string): boolean {
  const [start = "", end] = pattern.split("*");
  if (end === undefined) return pattern === other;
  // The `*` of the other one is in neither end, so it is among what the `*` here stands for.
  return other.length >= start.length + end.length && other.startsWith(start) && other.endsWith(end);
}

function breach(subject: string, ways: readonly string[], text: string): Breach[] {
  return ways.length === 0 ? [] : [{ subject, ways, text }];
}
