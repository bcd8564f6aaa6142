import { quote } from "../../../lib/nearest";
import { ADMIN_USER, databaseUser } from "../../postgresql/names";
import { declaredIdentities } from "../access/identities";
import type { Problem } from "../problem";
import { arnRule, optionalArn, type Rule, whenMade } from "../rule";
import type { EnvironmentFile } from "../schema";

/** Rules between the values of `database` and others. */
export const databaseRules: readonly Rule[] = [
  ...whenMade("database", [{ reads: ["database.capacity"], check: capacityProblems }]),
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

/** A login of the plan by the admin's name would be the admin; with its usual name the rules for access refuse it. */
function adminProblems({ database: { existing }, access }: EnvironmentFile): Problem[] {
  if (!existing || existing.adminUser === ADMIN_USER) return [];
  const message = `the database user ${quote(existing.adminUser)} is the database's admin; choose another name`;
  return declaredIdentities(access)
    .filter(({ key }) => databaseUser(key) === existing.adminUser)
    .map(({ path }) => ({ path, onKey: true, message }));
}
