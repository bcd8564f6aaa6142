import { quote } from "../../../lib/nearest";
import { AURORA_MAJOR_ENDS, AURORA_MINOR_ENDS } from "../../aws/support-ends";
import { ADMIN_USER, reservedRoleName, schemaGroups } from "../../postgresql/names";
import { declaredDatabases } from "../access/declared-databases";
import { declaredIdentities } from "../access/identities";
import type { Problem } from "../problem";
import { arnRule, optionalArn, type Rule, whenMade } from "../rule";
import type { EnvironmentFile } from "../schema";
import { versionEnding } from "../version-ending";
import { proxyPauseProblems, proxyReaderProblems, proxySizeProblems } from "./proxy-rules";
import { pauseProblems, versionProblems } from "./version-rules";

/** Rules between the values of `database` and others. */
export const databaseRules: readonly Rule[] = [
  ...whenMade("database", [
    { reads: ["database.capacity"], check: capacityProblems },
    { reads: ["database.engineVersion"], check: endingVersions },
    { reads: ["database.engineVersion"], check: versionProblems },
    { reads: ["database.engineVersion", "database.capacity"], check: pauseProblems },
    { reads: ["database.proxy", "database.capacity"], check: proxyPauseProblems },
  ]),
  { reads: ["database.proxy", "database.existing", "database.readers"], check: proxyReaderProblems },
  { reads: ["account", "region", "database.proxy", "access.services"], check: proxySizeProblems },
  { reads: ["database.existing"], check: identifierProblems },
  { reads: ["database.existing", "access"], check: adminProblems },
  arnRule(
    "database.alarmTopicArn",
    ({ database }) => optionalArn(["database", "alarmTopicArn"], database.alarmTopicArn),
    {
      region: "where its alarms are",
    },
  ),
  arnRule(
    "database.existing",
    ({ database: { existing } }) =>
      optionalArn(["database", "existing", "adminSecretArn"], existing?.adminSecretArn),
    { region: "where the database is" },
  ),
];

function capacityProblems({ database: { capacity } }: EnvironmentFile): Problem[] {
  if (!("minAcu" in capacity) || capacity.minAcu <= capacity.maxAcu) return [];
  const message = `minAcu ${capacity.minAcu} is more than maxAcu ${capacity.maxAcu}; lower it or raise maxAcu`;
  return [{ path: ["database", "capacity", "minAcu"], message }];
}

/** Minor versions of PostgreSQL end, too, and sooner than the major one. */
function endingVersions({ database: { engineVersion } }: EnvironmentFile): Problem[] {
  const path = ["database", "engineVersion"];
  const [major = ""] = engineVersion.split(".");
  const minorEnd = AURORA_MINOR_ENDS[engineVersion];
  return [
    ...versionEnding({
      path,
      name: `Aurora PostgreSQL ${engineVersion}`,
      ends: minorEnd === undefined ? undefined : { standard: minorEnd },
      consequence:
        "AWS upgrades it in a maintenance window, which fails deployments until the file has followed",
      advice: "choose a newer minor version",
    }),
    ...versionEnding({
      path,
      name: `Aurora PostgreSQL ${major}`,
      ends: AURORA_MAJOR_ENDS[major],
      consequence: "each vCPU or ACU of it costs extra",
      advice: "choose a newer major version and try it on a copy",
    }),
  ];
}

/** An existing database is a cluster or an instance. */
function identifierProblems({ database: { existing } }: EnvironmentFile): Problem[] {
  if (!existing || (existing.cluster === undefined) !== (existing.instance === undefined)) return [];
  const path = ["database", "existing"];
  return [
    existing.cluster === undefined
      ? { path, message: "say which database: add cluster: or instance:, with its RDS identifier" }
      : {
          path: [...path, "instance"],
          onKey: true,
          message: "there is cluster: already; remove one of them",
        },
  ];
}

/**
 * The admin of an existing database: a login or group role of the plan by its name would be the admin. With its usual name the
 * rules for access refuse them.
 */
function adminProblems({ database: { existing }, access }: EnvironmentFile): Problem[] {
  if (!existing || existing.adminUser.toLowerCase() === ADMIN_USER) return [];
  const path = ["database", "existing", "adminUser"];
  const admin = existing.adminUser;
  const reserved = reservedRoleName(admin);
  if (reserved) return [{ path, message: `the role ${quote(admin)} ${reserved}; name the database's admin` }];
  const groups = declaredDatabases(access).flatMap(({ name: database, schemas }) =>
    schemas.flatMap(({ name: schema, target, path }): Problem[] => {
      if (!schemaGroups(database, schema).some(({ role }) => role === admin)) return [];
      const message = `the database's admin ${quote(admin)} would be a group role of ${target}; rename the schema`;
      return [{ path, message }];
    }),
  );
  const message = `the database user ${quote(admin)} is the database's admin; choose another name`;
  const users = declaredIdentities(access)
    .flatMap(({ databaseUsers }) => databaseUsers)
    .filter(({ name }) => name === admin)
    .map(({ place }) => ({ ...place, message }));
  return [...groups, ...users];
}
