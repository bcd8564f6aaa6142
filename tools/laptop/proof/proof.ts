import type { Table } from "../../../lib/table";
import { accessMatrix } from "../../../model/access/matrix";
import type { AccessPlan } from "../../../model/access/plan";
import { type Check, failed, LOGIN, ROLE } from "./check";

/** What a proof came to. */
export interface Proof {
  readonly table: Table;
  /** A line for each check that failed; none when everything is proven. */
  readonly failures: readonly string[];
  /** How many things were tried that must work. */
  readonly allowed: number;
  /** How many things were tried that must not. */
  readonly denied: number;
}

/** What checks say about a plan. */
export function proofOf(plan: AccessPlan, checks: readonly Check[]): Proof {
  const count = (expected: Check["expected"]) => checks.filter((check) => check.expected === expected).length;
  return {
    table: proofTable(plan, checks),
    failures: checks.filter(failed).map(failure),
    allowed: count("allowed"),
    denied: count("denied"),
  };
}

/**
 * The access matrix with a tick for what was proven, and a cross where a check failed: `✓ read-write` is what an identity
 * may do and nothing more, `✓ –` that it can do nothing there.
 */
function proofTable(plan: AccessPlan, checks: readonly Check[]): Table {
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

function failure({ identity, subject, what, expected, outcome }: Check): string {
  return `${identity}, ${subject}, ${what}: must be ${expected}, was ${outcome}`;
}
