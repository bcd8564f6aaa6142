import type { ExistingDatabase } from "../environment";
import type { EnvironmentFile } from "../schema";

/**
 * The existing database of a file, by what kind of thing it is in RDS.
 * @throws Error when the file names none or two, which its rules refuse
 */
export function existingDatabase({ existing }: EnvironmentFile["database"]): ExistingDatabase | undefined {
  if (!existing) return undefined;
  const { cluster, instance, ...rest } = existing;
  if (instance !== undefined) return { ...rest, kind: "instance", identifier: instance };
  if (cluster !== undefined) return { ...rest, kind: "cluster", identifier: cluster };
  throw new Error("database.existing names no database");
}
