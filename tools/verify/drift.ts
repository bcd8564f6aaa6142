import type { Expectation } from "../../model/access/expectation";
import type { Comparison } from "./comparison";
import { compareDatabases } from "./databases";
import { type Finding, Ledger, type Verification } from "./finding";
import type { LiveCatalog } from "./live-catalog";
import { compareRoles } from "./roles";
import { compareTls } from "./tls";

/** Compares a live server with the plan. What PostgreSQL or RDS made for itself is left alone. */
export function verify(expected: Expectation, live: LiveCatalog): Verification {
  const comparison: Comparison = {
    expected,
    live,
    ledger: new Ledger(),
    planned: new Set(expected.roles.map(({ name }) => name)),
    roles: new Map(live.roles.map((role) => [role.name, role])),
  };
  compareTls(comparison);
  compareRoles(comparison);
  compareDatabases(comparison);
  return comparison.ledger.close();
}

/** Every difference between the plan and a live server; none when all is as planned. */
export function drift(expected: Expectation, live: LiveCatalog): readonly Finding[] {
  return verify(expected, live).findings;
}
