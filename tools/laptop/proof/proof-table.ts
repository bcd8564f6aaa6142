import type { Table } from "../../../lib/table";
import { accessMatrix } from "../../../model/access/matrix";
import type { AccessPlan } from "../../../model/access/plan";
import { type Check, failed, LOGIN, ROLE } from "./check";

/**
 * The access matrix with a tick for what was proven, and a cross where a check failed: `✓ read-write` is what an identity
 * may do and nothing more, `✓ –` that it can do nothing there.
 */
export function proofTable(plan: AccessPlan, checks: readonly Check[]): Table {
  const { schemas, rows } = accessMatrix(plan);
  const mark = (key: string, subject: string) => {
    const tried = checks.filter((check) => check.identity === key && check.subject === subject);
    return tried.length === 0 || tried.some(failed) ? "✗" : "✓";
  };
  return {
    header: ["identity", ROLE, LOGIN, ...schemas],
    rows: rows.map(({ identity: { key }, cells }) => [
      key,
      mark(key, ROLE),
      mark(key, LOGIN),
      ...cells.map(({ schema, level = "–" }) => `${mark(key, schema)} ${level}`),
    ]),
  };
}

/** A line for each check that failed. */
export function failures(checks: readonly Check[]): string[] {
  return checks
    .filter(failed)
    .map(
      ({ identity, subject, what, expected, outcome }) =>
        `${identity}, ${subject}, ${what}: must be ${expected}, was ${outcome}`,
    );
}
