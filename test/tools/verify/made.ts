import { Ledger, type Verification } from "../../../tools/verify/finding";
import type { VerifiedDatabase } from "../../../tools/verify/result";

/** Counts of a server on which nothing was compared. */
export function holdsNothing(): Verification["holds"] {
  return new Ledger().close().holds;
}

/** A verification of dev at the end of 2026, on which all is as planned, with whatever is different. */
export function verifiedWith(different: Partial<VerifiedDatabase> = {}): VerifiedDatabase {
  return {
    environment: "dev",
    file: "environments/dev.yaml",
    server: { address: "db.example:5432", serverVersion: "17.5", user: "on_call" },
    now: new Date("2026-12-31T12:00:00.500Z"),
    holds: { ...holdsNothing(), grant: 41, role: 7 },
    findings: [],
    accepted: [],
    noLongerFound: [],
    notChecked: [],
    ...different,
  };
}
