import { LEVEL_NAMES, LEVELS, type Level } from "../postgresql/levels";
import type { AccessPlan } from "./plan";

/**
 * What whoever writes a schema's code can do beyond its own grants: views with functions, triggers, policies, defaults and
 * functions run with the rights of the session that uses them.
 */
export interface BorrowedRight {
  /** The schema whose code it is, as `<database>.<schema>`. */
  readonly codeOf: string;
  /** Keys of the identities that may write that code. */
  readonly authors: readonly string[];
  /** Another schema of the same database: a session reaches no other database. */
  readonly schema: string;
  /** What the code can do there. */
  readonly level: Level;
  /** Keys of the identities in whose sessions it can. */
  readonly through: readonly string[];
}

/**
 * Everything that authors of code gain by the identities that use it, sorted. All authors of one schema's code have the same
 * grants: what one of them may do in another schema, none gains.
 */
export function borrowedRights(plan: AccessPlan): BorrowedRight[] {
  const authors = new Map<string, string[]>();
  const through = new Map<string, { codeOf: string; schema: string; level: Level; keys: string[] }>();
  for (const { key, grants } of plan.identities) {
    for (const { database, schema, level } of grants) {
      const codeOf = `${database}.${schema}`;
      if (LEVELS[level].ownsSchema) authors.set(codeOf, [...(authors.get(codeOf) ?? []), key]);
      for (const other of grants.filter((each) => each.database === database && each.schema !== schema)) {
        const right = { codeOf, schema: `${database}.${other.schema}`, level: other.level };
        const at = JSON.stringify(right);
        const found = through.get(at);
        if (found) found.keys.push(key);
        else through.set(at, { ...right, keys: [key] });
      }
    }
  }
  const rank = ({ codeOf, schema, level }: BorrowedRight) =>
    [codeOf, schema, LEVEL_NAMES.indexOf(level)].join(" ");
  return [...through.values()]
    .flatMap(({ codeOf, schema, level, keys }) => {
      const writers = authors.get(codeOf);
      // Code that no identity may write is the admin's, who may do anything.
      const others = keys.filter((key) => !writers?.includes(key));
      return writers === undefined || others.length === 0
        ? []
        : [{ codeOf, authors: writers, schema, level, through: others }];
    })
    .sort((left, right) => (rank(left) < rank(right) ? -1 : 1));
}
