import { quote, suggestion } from "../../../lib/nearest";
import { schemaTarget } from "../../postgresql/names";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { placeOf } from "./place";

type Service = EnvironmentFile["access"]["services"][string];

/** What keeps a service from its ServiceAccount, and its ConfigMap from naming a database. */
export function serviceProblems({ access }: EnvironmentFile): Problem[] {
  const accounts = new Map<string, string>();
  return Object.entries(access.services).flatMap(([key, service]) => {
    const path = ["access", "services", key];
    const place = placeOf(key, service);
    if (place?.kind !== "service") return databaseProblems(path, service);
    const account = `${place.namespace}/${place.account.name}`;
    const at = service.serviceAccount ? { path: [...path, "serviceAccount"] } : { path, onKey: true };
    const problems = [
      ...accountProblems(place.account.name, account, accounts.get(account)).map((message) => ({
        ...at,
        message,
      })),
      ...databaseProblems(path, service),
    ];
    accounts.set(account, key);
    return problems;
  });
}

function accountProblems(name: string, account: string, other: string | undefined): string[] {
  return [
    ...(name === "default"
      ? ['every pod without a ServiceAccount of its own runs as "default"; name another']
      : []),
    ...(other === undefined
      ? []
      : [
          `the ServiceAccount ${account} is that of ${quote(other)} already, and one ServiceAccount can carry one IAM role; name another`,
        ]),
  ];
}

function databaseProblems(path: readonly PropertyKey[], { database, grants }: Service): Problem[] {
  const targets = Object.keys(grants);
  // Only the job that verifies has none.
  if (targets.length === 0) return [];
  const databases = [...new Set(targets.map((target) => schemaTarget(target).database))];
  if (database !== undefined && !databases.includes(database)) {
    const message = `the service has no grant in the database ${quote(database)}.${suggestion(database, databases)}`;
    return [{ path: [...path, "database"], message }];
  }
  if (database !== undefined || databases.length === 1) return [];
  const message = `the service has grants in ${databases.join(" and ")}; add "database:" with the one that PGDATABASE should name`;
  return [{ path, onKey: true, message }];
}
