import { quote } from "../../../lib/nearest";
import { LEVELS } from "../../postgresql/levels";
import { PUBLIC_SCHEMA, schemaTarget } from "../../postgresql/names";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { declaredDatabases } from "./declared-databases";
import { type DeclaredIdentity, declaredIdentities } from "./identities";
import { NO_TIMEOUT } from "./limits";

/** Limits that fit most identities, and not the one that they are of. */
export function limitProblems({ access }: EnvironmentFile): Problem[] {
  const { statementTimeout: usual = NO_TIMEOUT, searchPath: usualPath } = access.defaults;
  const identities = declaredIdentities(access);
  const withExtensions = declaredDatabases(access)
    .filter(({ extensions }) => extensions.length > 0)
    .map(({ name }) => name);
  const others = identities.filter(({ searchPath }) => searchPath === undefined);
  return [
    ...(usual === NO_TIMEOUT ? [] : identities.flatMap((identity) => migrationProblems(identity, usual))),
    ...pathProblems(["access", "defaults"], usualPath, others, withExtensions),
    ...identities.flatMap((identity) =>
      pathProblems(identity.path, identity.searchPath, [identity], withExtensions),
    ),
  ];
}

/** To build an index or fill a column takes minutes where a query takes milliseconds. */
function migrationProblems(
  { path, key, grants, statementTimeout }: DeclaredIdentity,
  usual: string,
): Problem[] {
  const owns = Object.values(grants).some((level) => LEVELS[level].ownsSchema);
  if (!owns || statementTimeout !== undefined) return [];
  const message = `each statement of ${quote(key)}'s migrations ends after ${usual}, as for everybody; give it a statementTimeout of its own, or ${NO_TIMEOUT}`;
  return [{ path, onKey: true, message, warning: "migrations-end" }];
}

/** What extensions bring is in `public`, which PostgreSQL's own path has. */
function pathProblems(
  path: readonly PropertyKey[],
  searchPath: readonly string[] | undefined,
  of: readonly DeclaredIdentity[],
  withExtensions: readonly string[],
): Problem[] {
  const used = of.flatMap(({ grants }) => Object.keys(grants).map((target) => schemaTarget(target).database));
  const databases = withExtensions.filter((name) => used.includes(name));
  if (databases.length === 0 || searchPath === undefined || searchPath.includes(PUBLIC_SCHEMA)) return [];
  const message = `the extensions of ${databases.join(" and ")} are in ${PUBLIC_SCHEMA}, which this path leaves out, so their functions, operators and types are not found by their names alone; add ${PUBLIC_SCHEMA} at its end`;
  return [{ path: [...path, "searchPath"], message, warning: "path-without-extensions" }];
}
