import type { Table } from "../../../lib/table";
import { accessMatrix } from "../../../model/access/matrix";
import type { AccessPlan } from "../../../model/access/plan";
import { hasEnded } from "./actor";
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

/** What is shown in place of a level that somebody no longer has. */
export const ENDED = "ended";

/**
 * What checks say about a plan.
 * @param now when they were made, in milliseconds since 1970: what had ended by then is shown so
 */
export function proofOf(plan: AccessPlan, checks: readonly Check[], now: number): Proof {
  const count = (expected: Check["expected"]) => checks.filter((check) => check.expected === expected).length;
  return {
    table: proofTable(plan, checks, now),
    failures: checks.filter(failed).map(failure),
    allowed: count("allowed"),
    denied: count("denied"),
  };
}

/**
 * The access matrix with a tick for what was proven, and a cross where a check failed: `✓ read-write` is what an identity
 * may do and nothing more, `✓ –` that it can do nothing there, `✓ ended` that it can no longer.
 */
function proofTable(plan: AccessPlan, checks: readonly Check[], now: number): Table {
  const { schemas, rows } = accessMatrix(plan);
  const mark = (key: string, subject: string) => {
    const tried = checks.filter((check) => check.identity === key && check.subject === subject);
    return tried.length === 0 || tried.some(failed) ? "✗" : "✓";
  };
  return {
    header: ["identity", ROLE, LOGIN, ...schemas],
    rows: rows.map(({ identity, cells }) => {
      const { key } = identity;
      const shown = (level: string) => (hasEnded(identity, now) ? ENDED : level);
      return [
        key,
        mark(key, ROLE),
        mark(key, LOGIN),
        ...cells.map(
          ({ schema, level }) => `${mark(key, schema)} ${level === undefined ? "–" : shown(level)}`,
        ),
      ];
    }),
  };
}

function failure({ identity, subject, what, expected, outcome }: Check): string {
  return `${identity}, ${subject}, ${what}: must be ${expected}, was ${outcome}`;
}
