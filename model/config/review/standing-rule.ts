import type { z } from "zod";
import type { Level } from "../../postgresql/levels";
import type { RuledAccess } from "./ruled-access";

/** Said in place of a rule's value: it asks for nothing. */
export const ANY = "any";

/** What each standing rule may ask for. */
export interface RuleValues {
  readonly peopleAtMost: Level;
  readonly owners: readonly string[];
  readonly accounts: readonly string[];
  readonly namespaces: "owners-apart";
  readonly writersPerSchema: number;
}

/** A standing rule, by its key in the file. */
export type RuleName = keyof RuleValues;

/** What a file may say of a rule. */
export type Asked<Name extends RuleName> = RuleValues[Name] | typeof ANY;

/** What a file says of each rule. */
export type RulesAsked = { readonly [Name in RuleName]: Asked<Name> };

/** Where a rule does not hold. */
export interface Breach {
  /** What an exception would name. */
  readonly subject: string;
  /**
   * In how many ways, each by a name that nothing else has. Who has all the ways of another breach has broken the rule
   * before.
   */
  readonly ways: readonly string[];
  /** What is there, and what should be, without the subject. */
  readonly text: string;
}

/** A rule that access must keep, whatever it was before. */
export interface StandingRule<Value> {
  readonly schema: z.ZodDefault<z.ZodType<Value | typeof ANY>>;
  /** What it holds for, and exceptions name. */
  readonly subject: "identity" | "namespace" | "schema";
  readonly breaches: (value: Value, access: RuledAccess) => Breach[];
  /** Whether the second value lets something be that the first does not. */
  readonly allowsMore: (before: Value, after: Value) => boolean;
}
