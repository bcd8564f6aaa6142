import type { Expectation, ExpectedRole } from "../../model/access/expectation";
import type { LiveCatalog, LiveRole } from "../catalog/live-catalog";
import type { Ledger } from "./finding";

/** What every part of a comparison needs. */
export interface Comparison {
  readonly expected: Expectation;
  readonly live: LiveCatalog;
  readonly ledger: Ledger;
  /** The plan's roles by name. */
  readonly planned: ReadonlyMap<string, ExpectedRole>;
  /** The same and `rds_iam`: every login is in it, has what it has, and may become it by SET ROLE. */
  readonly watched: ReadonlySet<string>;
  /** The cluster's roles by name. */
  readonly roles: ReadonlyMap<string, LiveRole>;
}

/** A role as findings call it: what it is and its name; of a member's database user also whose it is. */
export function roleInWords(
  { planned }: Pick<Comparison, "planned">,
  name: string,
  unplanned = "role",
): string {
  const { kind = unplanned, whose } = planned.get(name) ?? {};
  return whose === undefined ? `${kind} ${name}` : `${kind} ${name} (${whose})`;
}

/**
 * Whether a role makes its own arrangements, which are nobody's business here: RDS's own roles, and the superuser's. What
 * is given to one of PostgreSQL's predefined roles reaches whoever is in it.
 */
export function keepsToItself({ roles, watched }: Comparison, name: string): boolean {
  return (
    roles.get(name)?.system === true &&
    !watched.has(name) &&
    (name === "pg_database_owner" || !name.startsWith("pg_"))
  );
}
