import { quote, suggestion } from "../../../lib/nearest";
import { schemaTarget } from "../../postgresql/names";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { serviceAccountOf } from "./service-account";

type Service = EnvironmentFile["access"]["services"][string];

/** What keeps a service from its ServiceAccount, and its ConfigMap from naming a database. */
export function serviceProblems({ access }: EnvironmentFile): Problem[] {
  const accounts = new Map<string, string>();
  return Object.entries(access.services).flatMap(([key, service]) => {
    const path = ["access", "services", key];
    const account = `${service.namespace}/${serviceAccountOf(key, service).name}`;
    const problems = [
      ...accountProblems(path, key, service, accounts.get(account)),
      ...databaseProblems(path, service),
    ];
    accounts.set(account, key);
    return problems;
  });
}

function accountProblems(
  path: readonly PropertyKey[],
  key: string,
  service: Service,
  other: string | undefined,
): Problem[] {
  const { namespace } = service;
  const account = serviceAccountOf(key, service).name;
  const at = service.serviceAccount ? { path: [...path, "serviceAccount"] } : { path, onKey: true };
  const problems: Problem[] = [];
  if (account === "default") {
    const message = 'every pod without a ServiceAccount of its own runs as "default"; name another';
    problems.push({ ...at, message });
  }
  if (other !== undefined) {
    const message = `the ServiceAccount ${namespace}/${account} is that of ${quote(other)} already, and one ServiceAccount can carry one IAM role; name another`;
    problems.push({ ...at, message });
  }
  return problems;
}

function databaseProblems(path: readonly PropertyKey[], { database, grants }: Service): Problem[] {
  const databases = [...new Set(Object.keys(grants).map((target) => schemaTarget(target).database))];
  if (database !== undefined && !databases.includes(database)) {
    const message = `the service has no grant in the database ${quote(database)}.${suggestion(database, databases)}`;
    return [{ path: [...path, "database"], message }];
  }
  if (database !== undefined || databases.length === 1) return [];
  const message = `the service has grants in ${databases.join(" and ")}; add "database:" with the one its ConfigMap should name`;
  return [{ path, onKey: true, message }];
}
