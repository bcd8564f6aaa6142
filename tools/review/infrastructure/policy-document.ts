import { isDeepStrictEqual } from "node:util";
import { isObject, own } from "./differences";

/** A policy of IAM as a comparison takes it. */
export interface Policy {
  readonly statements: readonly Statement[];
  /** What else the document says, but for its id. */
  readonly rest: unknown;
}

/** A statement: every list is one, sorted. What is said by what it is not, or in keys that nobody knows, is only ever equal. */
export interface Statement {
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principals: readonly string[];
  /** Operator and key → values. */
  readonly conditions: ReadonlyMap<string, readonly string[]>;
  readonly opaque: unknown;
}

/** Operators of which fewer values match less. */
const POSITIVE = /^(StringEquals|StringLike|ArnEquals|ArnLike|IpAddress) /;

/** One permission of a statement is looked up against all others: with more than these nobody can say. */
const TOO_MANY = 20_000;

/** Everything, as a VPC endpoint without a policy has it. */
export const EVERYTHING = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
});

/** A policy that allows nothing. */
export const NOTHING = JSON.stringify({ Version: "2012-10-17", Statement: [] });

/** Reads a policy document; undefined when it is none. */
export function readPolicy(text: unknown): Policy | undefined {
  if (typeof text !== "string") return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(json)) return undefined;
  const { Statement: said, Id: _, ...rest } = json;
  const statements = (Array.isArray(said) ? said : [said]).map(readStatement);
  return statements.every((each) => each !== undefined) ? { statements, rest } : undefined;
}

function readStatement(json: unknown): Statement | undefined {
  if (!isObject(json)) return undefined;
  const { Sid: _, Effect, Action, Resource, Principal, Condition = {}, ...opaque } = json;
  if ((Effect !== "Allow" && Effect !== "Deny") || !isObject(Condition)) return undefined;
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(isObject(keys) ? keys : { "": keys }).map(([key, values]): [string, string[]] => [
      `${operator} ${key}`,
      texts(values),
    ]),
  );
  return {
    allows: Effect === "Allow",
    actions: texts(Action),
    resources: texts(Resource),
    principals: isObject(Principal)
      ? Object.entries(Principal)
          .flatMap(([kind, who]) => texts(who).map((each) => (each === "*" ? "*" : `${kind}:${each}`)))
          .sort()
      : texts(Principal),
    conditions: new Map(conditions),
    opaque,
  };
}

/** Whether a policy allows nothing that another does not: as far as can be proven. */
export function allowsNoMore(after: Policy, before: Policy): boolean {
  const of = ({ statements }: Policy, allows: boolean) => statements.filter((each) => each.allows === allows);
  return (
    isDeepStrictEqual(after.rest, before.rest) &&
    of(after, true).every((each) => covered(each, of(before, true))) &&
    of(before, false).every((each) => covered(each, of(after, false)))
  );
}

/** Whether every single permission of a statement is also one of others, under no more conditions. */
function covered(statement: Statement, by: readonly Statement[]): boolean {
  const { actions, resources, principals } = statement;
  if (actions.length * resources.length * principals.length * by.length > TOO_MANY) return false;
  const fitting = by.filter(
    (each) => isDeepStrictEqual(each.opaque, statement.opaque) && under(statement, each),
  );
  return actions.every((action) =>
    resources.every((resource) =>
      principals.every((principal) =>
        fitting.some(
          (each) =>
            // IAM takes actions in any case.
            each.actions.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
            each.resources.some((pattern) => matches(pattern, resource)) &&
            each.principals.some((known) => known === "*" || known === principal),
        ),
      ),
    ),
  );
}

/** Whether a statement holds at most where another does. */
function under(narrow: Statement, wide: Statement): boolean {
  return [...wide.conditions].every(([condition, values]) => {
    const own = narrow.conditions.get(condition);
    if (own === undefined) return false;
    return POSITIVE.test(condition)
      ? own.every((value) => values.includes(value))
      : isDeepStrictEqual(own, values);
  });
}

/** Whether a pattern with `*` and `?` takes in a text, or all that another pattern takes in. */
function matches(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === text;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", "[^*]");
  return new RegExp(`^${source}$`, "s").test(text);
}

/** A value or a list of them, as a sorted list of texts; none is the one empty text, so that there is something to compare. */
function texts(value: unknown): string[] {
  if (value === undefined) return [""];
  return (Array.isArray(value) ? value : [value])
    .map((each) => (typeof each === "string" ? each : JSON.stringify(each)))
    .sort();
}

/** What an attribute of a statement has that another policy's has not: names of what a change gives or takes. */
export function beyond(one: Policy, other: Policy, allows: boolean): string[] {
  const all = (policy: Policy, of: (statement: Statement) => readonly string[]) =>
    new Set(policy.statements.filter((each) => each.allows === allows).flatMap(of));
  const parts: Readonly<Record<string, (statement: Statement) => readonly string[]>> = {
    action: ({ actions }) => actions,
    on: ({ resources }) => resources,
    for: ({ principals }) => principals,
  };
  return Object.entries(parts).flatMap(([part, of]) => {
    const others = all(other, of);
    const names = [...all(one, of)].filter((name) => name !== "" && !others.has(name));
    return names.length === 0 ? [] : [`${part} ${names.join(", ")}`];
  });
}

/** Conditions of what a policy allows, by operator and key. */
export function conditionsOf({ statements }: Policy): string[] {
  return statements
    .filter(({ allows }) => allows)
    .flatMap(({ conditions }) => [...conditions].map(([key, values]) => `${key} ${values.join(", ")}`));
}

/** Names in what a policy allows that stand for more than one. */
export function wildcardsOf({ statements }: Policy): string[] {
  const names = statements
    .filter(({ allows }) => allows)
    .flatMap(({ actions, resources, principals }) => [...actions, ...resources, ...principals]);
  return [...new Set(names.filter((name) => /[*?]/.test(name.replace(/\$\{[^}]*\}/g, ""))))].sort();
}

/** Keys that say what a statement is not about. */
export function negationsOf({ statements }: Policy): string[] {
  return statements.flatMap(({ opaque }) => (isObject(opaque) ? Object.keys(opaque) : []));
}

/** The statements of a document, one line each, for whoever reads on. */
export function statementLines(text: unknown): string[] {
  if (typeof text !== "string") return [JSON.stringify(text) ?? "(none)"];
  try {
    const json: unknown = JSON.parse(text);
    const said = isObject(json) ? own(json, "Statement") : json;
    return (Array.isArray(said) ? said : [said]).map((each) => JSON.stringify(each));
  } catch {
    return [text];
  }
}
