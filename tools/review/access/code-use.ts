import { owns, placesOf, rightsAt } from "./effective";
import { databaseOf, isSchema } from "./places";
import type { AccessSide, Rights, RoleId } from "./rights";

/** Identities of a side by what they are called now, each with the roles whose rights it has. */
export type Roles = ReadonlyMap<string, ReadonlySet<RoleId>>;

/** Who writes and who uses a schema's code, and what that code can do elsewhere with their rights. */
export interface CodeUse {
  /** Keys of those who own the schema. */
  readonly authors: readonly string[];
  /** Everybody who may do anything in the schema. */
  readonly users: Roles;
  /** Other schemas of its database in which any of them may do anything. */
  readonly places: readonly string[];
  /** What all of them together may do in a place. */
  readonly reach: (place: string) => Rights;
}

/** Looks at the schemas of one side. */
export function codeUses(side: AccessSide, roles: Roles): (schema: string) => CodeUse {
  const users = new Map<string, Map<string, ReadonlySet<RoleId>>>();
  for (const [key, of] of roles) {
    for (const place of placesOf(side, of)) {
      const found = users.get(place) ?? new Map<string, ReadonlySet<RoleId>>();
      users.set(place, found.set(key, of));
    }
  }
  return (schema) => {
    const using = users.get(schema) ?? new Map<string, ReadonlySet<RoleId>>();
    const authors = [...using].flatMap(([key, of]) => (owns(rightsAt(side, of, schema)) ? [key] : []));
    // A single author gains nothing by what it may do itself.
    const others = [...using].filter(([key]) => authors.length > 1 || key !== authors[0]);
    const all = new Set(others.flatMap(([, of]) => [...of]));
    return {
      authors,
      users: using,
      places: [...placesOf(side, all)]
        .filter((place) => isSchema(place) && place !== schema && databaseOf(place) === databaseOf(schema))
        .sort(),
      reach: (place) => rightsAt(side, all, place),
    };
  };
}
