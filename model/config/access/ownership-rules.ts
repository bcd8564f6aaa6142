import { LEVELS, type Level, type LevelDefinition } from "../../postgresql/levels";
import { PUBLIC_SCHEMA } from "../../postgresql/names";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { declaredSchemas } from "./declared-databases";
import { declaredIdentities } from "./identities";

/**
 * A schema that is written to and owned by nobody, so nobody of the file can create its tables. A file without any owner is
 * left alone: its tables are somebody else's to make.
 */
export function ownershipProblems({ access }: EnvironmentFile): Problem[] {
  const grants = declaredIdentities(access).flatMap((identity) => Object.entries(identity.grants));
  const targets = (has: (level: Level) => boolean) =>
    new Set(grants.flatMap(([target, level]) => (has(level) ? [target] : [])));
  const owned = targets((level) => LEVELS[level].ownsSchema);
  const written = targets(writes);
  if (owned.size === 0) return [];
  return declaredSchemas(access).flatMap(({ name, target, path }): Problem[] => {
    // What is in public is the admin's to make.
    if (name === PUBLIC_SCHEMA || owned.has(target) || !written.has(target)) return [];
    const message = `${target} is written to, and no identity owns it, so none can create its tables; give a service for migrations ${target}: owner`;
    return [{ path, message, warning: "schema-without-owner" }];
  });
}

function writes(level: Level): boolean {
  const { privileges }: LevelDefinition = LEVELS[level];
  return privileges.table.some((privilege) => privilege !== "SELECT");
}
