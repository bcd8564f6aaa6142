import { readFileSync } from "node:fs";
import { expectation } from "../../model/access/expectation";
import type { AccessPlan } from "../../model/access/plan";
import { connect } from "../catalog/connection";
import type { Connect } from "../catalog/read-only";
import { serverAddress } from "../catalog/server-address";
import { compareCatalog } from "./compare-catalog";
import type { Verification } from "./finding";
import { readCatalog } from "./read-catalog";
import { verificationReport } from "./report";

/** Where the database of {@link verifyDatabase} is, and whom to trust. */
export interface DatabaseToVerify {
  /** Environment variables: those of libpq, and ALL_PROXY. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** CA certificates to trust when PGSSLROOTCERT names none, PEM. */
  readonly caBundle: string;
}

/** What a verification came to. */
export interface VerifiedDatabase {
  /** For programs. */
  readonly verification: Verification;
  /** For people; safe for a terminal. */
  readonly report: string;
}

/**
 * Compares the database that environment variables name with a plan. It reads the catalogs and changes nothing.
 * @throws UserError when it cannot be reached or read, with everything that is wrong with the variables
 */
export async function verifyDatabase(
  plan: AccessPlan,
  { env, caBundle }: DatabaseToVerify,
): Promise<VerifiedDatabase> {
  const address = serverAddress(env, caBundle, (path) => readFileSync(path, "utf8"));
  const expected = expectation(plan);
  const live = await readCatalog(expected, (database) => connect(address, database));
  const verification = compareCatalog(expected, live);
  const server = { ...live, address: `${address.host}:${address.port}` };
  return { verification, report: verificationReport(verification, plan.file, server) };
}

/**
 * The same over connections of the caller's.
 * @param connected gives one to the named database, or to any when none is named
 */
export async function verify(plan: AccessPlan, connected: Connect): Promise<Verification> {
  const expected = expectation(plan);
  return compareCatalog(expected, await readCatalog(expected, connected));
}
