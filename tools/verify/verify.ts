import { readFileSync } from "node:fs";
import { expectation } from "../../model/access/expectation";
import type { AccessPlan } from "../../model/access/plan";
import { connect } from "../catalog/connection";
import type { Connect } from "../catalog/read-only";
import { type Signed, serverAddress } from "../catalog/server-address";
import { compareCatalog } from "./compare-catalog";
import type { Verification } from "./finding";
import { judge } from "./judge";
import { readCatalog } from "./read-catalog";
import type { VerifiedDatabase } from "./result";

export { prometheusFailure } from "./report/prometheus-report";
export { REPORTS } from "./report/reports";
export type { VerifiedDatabase };

/** Where the database of {@link verifyDatabase} is, and whom to trust. */
export interface DatabaseToVerify {
  /** Environment variables: those of libpq, and ALL_PROXY. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** CA certificates to trust when PGSSLROOTCERT names none, PEM. */
  readonly caBundle: string;
  /** A token for each connection, and the way there. @default PGPASSWORD, by the variables */
  readonly signed?: Signed;
}

/**
 * Compares a database with a plan, and marks out what the plan accepts. It reads the catalogs and changes nothing.
 * @param now what an acceptance's end is compared with
 * @throws UserError when it cannot be reached or read, with everything that is wrong with the variables
 */
export async function verifyDatabase(
  plan: AccessPlan,
  { env, caBundle, signed }: DatabaseToVerify,
  now: Date,
): Promise<VerifiedDatabase> {
  const address = { ...serverAddress(env, caBundle, (path) => readFileSync(path, "utf8")), ...signed };
  const expected = expectation(plan);
  const live = await readCatalog(expected, (database) => connect(address, database));
  const { serverVersion, user } = live;
  return {
    ...judge(compareCatalog(expected, live), plan.acceptedFindings ?? [], now),
    environment: plan.environment,
    file: plan.file,
    server: { address: `${address.host}:${address.port}`, serverVersion, user },
    now,
  };
}

/**
 * The same over connections of the caller's; everything counts.
 * @param connected gives one to the named database, or to any when none is named
 */
export async function verify(plan: AccessPlan, connected: Connect): Promise<Verification> {
  const expected = expectation(plan);
  return compareCatalog(expected, await readCatalog(expected, connected));
}
