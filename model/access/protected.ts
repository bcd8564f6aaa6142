import type { AccessPlan } from "./plan";

/** Something with data or others' objects in it, which must not leave the file unnoticed. */
export interface Protected {
  /** In words, as an error shows it: `schema shop.orders`. */
  readonly name: string;
  /** The same of what it was called when it was last deployed, if that was something else. */
  readonly renamedFrom?: string;
}

/** Databases, namespaces, schemas and extensions, in this order. */
export function protectedParts(plan: AccessPlan): Protected[] {
  return [
    ...plan.databases.map(({ name, renamedFrom }) =>
      part(`database ${name}`, renamedFrom && `database ${renamedFrom}`),
    ),
    ...plan.namespaces.filter(({ existing }) => !existing).map(({ name }) => part(`namespace ${name}`)),
    ...plan.databases.flatMap(({ name, schemas }) =>
      schemas.map((schema) => {
        const old = schema.renamedFrom;
        return part(`schema ${name}.${schema.name}`, old && `schema ${old.database}.${old.schema}`);
      }),
    ),
    // Tables of its own, such as the jobs of pg_cron, and columns of its types go with one.
    ...plan.databases.flatMap(({ name, renamedFrom, extensions = [] }) =>
      extensions.map((extension) =>
        part(
          `extension ${name}.${extension.name}`,
          renamedFrom && `extension ${renamedFrom}.${extension.name}`,
        ),
      ),
    ),
  ];
}

/** Namespaces that are somebody else's: what was said of one while it was ours is let go, and nothing is destroyed. */
export function letGo(plan: AccessPlan): string[] {
  return plan.namespaces.filter(({ existing }) => existing).map(({ name }) => `namespace ${name}`);
}

/** What tells those that were let go from those that are protected, in Terraform's state and plans. */
export const LET_GO = "not ours, and free to leave the file";

function part(name: string, renamedFrom?: string): Protected {
  return { name, ...(renamedFrom !== undefined && { renamedFrom }) };
}
