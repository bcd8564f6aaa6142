import type { Expectation } from "../../model/access/expectation";
import type { LiveCatalog } from "../catalog/live-catalog";
import { compareAdmin } from "./admin";
import type { Comparison } from "./comparison";
import { compareDatabases } from "./databases";
import { Ledger, type Verification } from "./finding";
import { compareLocks } from "./locks";
import { compareRoles } from "./roles";
import { compareTls } from "./tls";

/** Compares a live server with the plan. What PostgreSQL or RDS made for itself is left alone. */
export function compareCatalog(expected: Expectation, live: LiveCatalog): Verification {
  const planned = new Map(expected.roles.map((role) => [role.name, role]));
  const comparison: Comparison = {
    expected,
    live,
    ledger: new Ledger(),
    planned,
    watched: new Set([...planned.keys(), expected.iamLoginRole]),
    roles: new Map(live.roles.map((role) => [role.name, role])),
  };
  compareTls(comparison);
  compareAdmin(comparison);
  compareRoles(comparison);
  compareDatabases(comparison);
  compareLocks(comparison);
  return comparison.ledger.close();
}
