import { LEVELS } from "../postgresql/levels";
import type { AccessPlan } from "./plan";

/** Schemas that nobody may migrate, since no identity owns them, as `<database>.<schema>`. `public` is the admin's. */
export function schemasWithoutOwner({ databases, identities }: AccessPlan): string[] {
  const owned = new Set(
    identities.flatMap(({ grants }) =>
      grants
        .filter(({ level }) => LEVELS[level]?.ownsSchema)
        .map(({ database, schema }) => `${database}.${schema}`),
    ),
  );
  return databases.flatMap(({ name, schemas }) =>
    schemas
      .filter(({ managed }) => managed)
      .map((schema) => `${name}.${schema.name}`)
      .filter((target) => !owned.has(target)),
  );
}
