import { auroraVersion } from "../../aws/aurora-versions";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";

/** Engine versions that AWS never offered, or that are perhaps a slip of the finger. */
export function versionProblems({ database: { engineVersion } }: EnvironmentFile): Problem[] {
  const version = auroraVersion(engineVersion);
  const path = ["database", "engineVersion"];
  switch (version?.known) {
    case "never offered":
      return [{ path, message: `Aurora PostgreSQL ${engineVersion} does not exist; take ${version.next}` }];
    case "newer": {
      const message = `Aurora PostgreSQL ${engineVersion} is newer than any that is known here (${version.newest}); look whether it exists: aws rds describe-db-engine-versions --engine aurora-postgresql --engine-version ${engineVersion}`;
      return [{ path, message, warning: "unknown-version" }];
    }
    default:
      return [];
  }
}

/** Serverless capacity that its engine version does not go down to. */
export function pauseProblems({ database: { capacity, engineVersion } }: EnvironmentFile): Problem[] {
  const pausesFrom = auroraVersion(engineVersion)?.pausesFrom;
  if (!("minAcu" in capacity) || capacity.minAcu > 0 || pausesFrom === undefined) return [];
  const message = `Aurora PostgreSQL ${engineVersion} does not pause at 0 capacity units; take ${pausesFrom} or later, or a minAcu of 0.5`;
  return [{ path: ["database", "capacity", "minAcu"], message }];
}
