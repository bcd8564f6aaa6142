import { type AccessPlan, accessPlan } from "../../../../model/access/plan";
import { compareAccess } from "../../../../tools/review/access/compare-access";
import type { Finding } from "../../../../tools/review/finding";

import { declared, parse, type TestEnvironment, testFile } from "../../../helpers/environment";

/** A value of JSON that may be changed at will. */
// biome-ignore lint/suspicious/noExplicitAny: plans of other versions have any shape
export type Json = any;

/** Where to change a file's text, and to what; each place must be there. */
export type Edits = Readonly<Record<string, string>>;

/** The plan of a test environment, with its file edited, and the namespaces of services declared. */
export function planOf(name: TestEnvironment, edits: Edits = {}): AccessPlan {
  const text = Object.entries(edits).reduce((file, [from, to]) => {
    if (!file.includes(from)) throw new Error(`${name}.yaml has no ${from}`);
    return file.replaceAll(from, to);
  }, testFile(name));
  return accessPlan(parse(declared(text), `${name}.yaml`));
}

/** A plan as another version of the code might have written it. */
export function altered(plan: AccessPlan, change: (plan: Json) => void): AccessPlan {
  const copy: Json = JSON.parse(JSON.stringify(plan));
  change(copy);
  return copy;
}

/** `kind: text` of every finding, and indented beneath it what follows from it. */
export function linesOf(findings: readonly Finding[], indent = ""): string[] {
  return findings.flatMap(({ kind, text, also = [] }) => [
    `${indent}${kind}: ${text}`,
    ...linesOf(also, `${indent}  `),
  ]);
}

/** What {@link compareAccess} says of two plans, as {@link linesOf}. */
export function compared(before: AccessPlan | undefined, after: AccessPlan): string[] {
  return linesOf(compareAccess(before, after));
}

/** An identity of a plan that is to be altered. */
export function identityIn(plan: Json, key: string): Json {
  return plan.identities.find((identity: Json) => identity.key === key);
}

/** A database of a plan that is to be altered. */
export function databaseIn(plan: Json, name: string): Json {
  return plan.databases.find((database: Json) => database.name === name);
}
