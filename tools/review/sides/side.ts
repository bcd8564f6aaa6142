import type { AccessPlan } from "../../../model/access/plan";
import type { ReadRules } from "../../../model/config/review/rules-file";

/** One side of a comparison: what a revision, a folder or the working tree is synthesised to. */
export interface Side {
  /** What to call it: `working tree`, a short commit id, or a folder as the user named it. */
  readonly name: string;
  /** By name, sorted. */
  readonly environments: ReadonlyMap<string, EnvironmentSide>;
  /** The commit that it is made of, whole. @default it is made of no commit */
  readonly commit?: string;
  /** Why nothing of it could be computed; every environment then counts as widened. @default it could */
  readonly problem?: string;
}

/** What stands for the content of each file of a project's code, by its path from there. */
export type Code = ReadonlyMap<string, string>;

/** A side, and the code that made it. */
export interface OpenedSide {
  readonly side: Side;
  /** The same function for sides of the same code; undefined when it is not at hand. */
  readonly code: (() => Code) | undefined;
}

/** An environment on one side, or why it cannot be read. */
export type EnvironmentSide = ReadEnvironment | UnreadableEnvironment;

/** An environment that cannot be read. */
export interface UnreadableEnvironment {
  /** Why. */
  readonly problem: string;
  /** What stands for all that is there. @default nothing is there */
  readonly bytes?: string;
}

/** An environment as it was synthesised. */
export interface ReadEnvironment {
  readonly plan: AccessPlan;
  /** Its stacks by id. */
  readonly stacks: ReadonlyMap<string, StackJson>;
  /** Texts of other files that Terraform reads in the stacks' folders, by `<stack>/<file>`. @default none */
  readonly beside?: ReadonlyMap<string, string>;
  /** What its file says about reviews, with every default. @default it is from before there were rules: as a base, the defaults */
  readonly rules?: ReadRules;
}

/** A stack's cdk.tf.json. Only what is looked at is typed: it may be another version's. */
export interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, ResourceJson>>>>;
  readonly [part: string]: unknown;
}

/** A resource as a stack has it. */
export type ResourceJson = Readonly<Record<string, unknown>>;
