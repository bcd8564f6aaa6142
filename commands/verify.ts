import { readFileSync } from "node:fs";
import { join } from "node:path";
import { exitOnUserError, printMessages, UserError } from "../lib/user-error";
import { accessPlan } from "../model/access/plan";
import type { Environment } from "../model/config/environment";
import { prometheusFailure, REPORTS, type VerifiedDatabase, verifyDatabase } from "../tools/verify/verify";
import { commandLine } from "./support/arguments";
import { databaseToVerify, type OpenDatabase, type VerifiedAs } from "./support/database-to-verify";
import { oneEnvironment, WHERE_ENVIRONMENTS_ARE } from "./support/environments";
import { formatsOf } from "./support/formats";
import { onSignals } from "./support/signals";
import { writeWhole } from "./support/whole-file";

const USAGE = `Usage: npm run verify -- <environment> [--as <identity> [--tunnel | --laptop]] [--format <format>] [--out <folder>]
Compares a live database with the environment's access plan. It reads the catalogs and changes nothing.
Exits 0 when everything is as planned or accepted, 2 when there are differences, 1 when it could not look.

  --as      an identity of the file that may connect to every database, such as on-call: its IAM role is taken by your
            AWS credentials, the endpoint is that of the deployed stacks, and each connection gets a token of its own
  --tunnel  through the bastion, as npm run tunnel goes, for just this run
  --laptop  the database of npm start, which runs in another terminal
  --format  ${Object.keys(REPORTS).join(", ")}, or several separated by commas; default text; --json is --format json
  --out     folder to write verify-<environment>.txt, .md, .json or .prom to, each as a whole; the text is printed as well

Without --as, these variables say where and as whom:
  PGHOST         the cluster's writer endpoint; required
  PGPORT         default 5432
  PGUSER         default postgres, the admin; any role that may connect to the databases will do
  PGPASSWORD     its password, or an IAM token:
                 PGPASSWORD="$(aws rds generate-db-auth-token --hostname "$PGHOST" --port 5432 --username "$PGUSER" --region <region>)"
  PGDATABASE     database to connect to first; default postgres
  PGSSLROOTCERT  file with the CA certificates; default: those of RDS in the environment's region
With and without it:
  PGCONNECT_TIMEOUT  seconds; default 15
  ALL_PROXY      way to a private database: that of npm run tunnel, such as socks5://127.0.0.1:1080
TLS is always verified, host name and all (verify-full).
${WHERE_ENVIRONMENTS_ARE}`;

type Format = keyof typeof REPORTS;

async function main(): Promise<void> {
  const given = commandLine(USAGE, {
    names: true,
    flags: ["json", "laptop", "tunnel"],
    values: ["as", "format", "out"],
  });
  if (!given) return;
  // Whatever ends this before there is a result has not looked.
  process.exitCode = 1;
  const { names, flags, values } = given;
  const ways = ["tunnel", "laptop"].filter((way) => flags.has(way));
  const problems = [
    ...(flags.has("json") && values.format !== undefined
      ? ["--json is --format json; give one of them."]
      : []),
    ...(ways.length > 1 ? ["--tunnel leads to AWS, and --laptop does not; give one of them."] : []),
    ...(values.as === undefined ? ways.map((way) => `--${way} needs --as, an identity to log in as.`) : []),
  ];
  if (problems.length > 0) throw new UserError(problems, USAGE);
  const asked = { ...values, ...(flags.has("json") && { format: "json" }) };
  const formats = formatsOf(Object.keys(REPORTS), asked, USAGE).filter(isFormat);
  const environment = oneEnvironment(names, USAGE);
  const file = (format: Format) =>
    values.out === undefined
      ? undefined
      : join(values.out, `verify-${environment.name}.${REPORTS[format].extension}`);

  const by = flags.has("laptop") ? "laptop" : flags.has("tunnel") ? "tunnel" : "network";
  const interrupted = new AbortController();
  let open: OpenDatabase | undefined;
  onSignals((_, count) => {
    interrupted.abort();
    if (by !== "tunnel" || count > 1) process.exit(130);
    // AWS is told that the session is over; of one that only opens whoever opens it sees to that.
    void open?.close().finally(() => process.exit(130));
  });
  let verified: VerifiedDatabase;
  try {
    open = await opened(environment, values.as, by, interrupted.signal);
    try {
      verified = await verifyDatabase(accessPlan(environment), open.database, new Date());
    } finally {
      await open.close();
    }
  } catch (error) {
    if (interrupted.signal.aborted) {
      process.exitCode = 130;
      return;
    }
    // Whoever watches the numbers learns that there are none.
    if (formats.includes("prometheus")) {
      const path = file("prometheus");
      try {
        write(path, prometheusFailure(environment.name, before(path)));
      } catch (unwritten) {
        throw both(error, unwritten);
      }
    }
    throw error;
  }
  process.exitCode = verified.findings.length > 0 ? 2 : 0;
  for (const format of formats) write(file(format), REPORTS[format].render(verified));
  if (values.out !== undefined) write(undefined, REPORTS.text.render(verified));
}

function opened(
  environment: Environment,
  name: string | undefined,
  by: VerifiedAs["by"],
  cancelled: AbortSignal,
): OpenDatabase | Promise<OpenDatabase> {
  if (name !== undefined) {
    const log = (line: string) => printMessages([line]);
    return databaseToVerify(environment, { name, by }, { cancelled, log });
  }
  const database = { env: process.env, caBundle: environment.database.caBundle };
  return { database, close: async () => undefined };
}

/** @param path a file; undefined for stdout */
function write(path: string | undefined, text: string): void {
  if (path === undefined) process.stdout.write(`${text}\n`);
  else writeWhole(path, `${text}\n`);
}

/** Two mistakes of the user's as one; what is none of them comes first. */
function both(first: unknown, second: unknown): unknown {
  if (!(first instanceof UserError)) return first;
  if (!(second instanceof UserError)) return second;
  return new UserError([...first.messages, ...second.messages]);
}

function before(path: string | undefined): string | undefined {
  try {
    return path === undefined ? undefined : readFileSync(path, "utf8");
  } catch {
    // There is none, or none that can be read: then nobody knows.
    return undefined;
  }
}

function isFormat(name: string): name is Format {
  return Object.hasOwn(REPORTS, name);
}

void exitOnUserError(main);
