import { LEVEL_NAMES, LEVELS, type Level, type LevelDefinition } from "../../postgresql/levels";

/** What standing rules look at: an access plan has all of it, and so has the file that the plan is made of. */
export interface RuledAccess {
  /** The environment's own account. */
  readonly account: string;
  readonly identities: readonly RuledIdentity[];
}

/** An identity, as far as standing rules know it. */
export interface RuledIdentity {
  readonly key: string;
  readonly kind: "service" | "workload" | "role" | "principals" | "people";
  readonly grants: readonly RuledGrant[];
  /** Of a service. */
  readonly namespace?: string;
  /** Of people, and of services that list them: ARNs of who may take the IAM role. */
  readonly principals?: readonly string[];
}

/** What an identity has on a schema. */
export interface RuledGrant {
  readonly database: string;
  readonly schema: string;
  readonly level: Level;
}

// A plan may be another version's: whatever level is not known here is more than any that is, writes and owns.
const NOT_OWNING = levels(({ ownsSchema }) => !ownsSchema);
const READING = levels(
  ({ ownsSchema, privileges }) =>
    !ownsSchema && privileges.table.every((privilege) => privilege === "SELECT"),
);

/** A schema as people write it. */
export function target({ database, schema }: RuledGrant): string {
  return `${database}.${schema}`;
}

/** The levels up to a level that are more than another: what somebody has too much. */
export function levelsAbove(most: Level, level: Level): string[] {
  const known = LEVEL_NAMES.slice(0, LEVEL_NAMES.indexOf(level) + 1);
  return known.length === 0 ? [level] : known.slice(LEVEL_NAMES.indexOf(most) + 1);
}

/** Whether whoever has this owns the schema. */
export function owns({ level }: RuledGrant): boolean {
  return !NOT_OWNING.includes(level);
}

/** Whether whoever has this may write to the schema, as an owner may. */
export function writes({ level }: RuledGrant): boolean {
  return !READING.includes(level);
}

function levels(which: (level: LevelDefinition) => boolean): Level[] {
  return LEVEL_NAMES.filter((level) => which(LEVELS[level]));
}
