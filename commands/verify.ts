import { terminalJson } from "../lib/terminal-text";
import { exitOnUserError } from "../lib/user-error";
import { accessPlan } from "../model/access/plan";
import { verifyDatabase } from "../tools/verify/verify";
import { commandLine } from "./support/arguments";
import { oneEnvironment, WHERE_ENVIRONMENTS_ARE } from "./support/environments";

const USAGE = `Usage: npm run verify -- <environment> [--json]
Compares a live database with the environment's access plan. It reads the catalogs and changes nothing.
Exits 0 when everything is as planned, else 1. --json prints the result for machines (npm run --silent verify …).
${WHERE_ENVIRONMENTS_ARE}

  PGHOST         the cluster's writer endpoint; required
  PGPORT         default 5432
  PGUSER         default postgres, the admin; any role that may connect to the databases will do
  PGPASSWORD     its password, or an IAM token:
                 PGPASSWORD="$(aws rds generate-db-auth-token --hostname "$PGHOST" --port 5432 --username "$PGUSER" --region <region>)"
  PGDATABASE     database to connect to first; default postgres
  PGSSLROOTCERT  file with the CA certificates; default: those of RDS in the environment's region
  PGCONNECT_TIMEOUT  seconds; default 15
  ALL_PROXY      way to a private database: that of npm run tunnel, such as socks5://127.0.0.1:1080
TLS is always verified, host name and all (verify-full).`;

async function main(): Promise<void> {
  const given = commandLine(USAGE, { names: true, flags: ["json"] });
  if (!given) return;
  const environment = oneEnvironment(given.names, USAGE);
  const { verification, report } = await verifyDatabase(accessPlan(environment), {
    env: process.env,
    caBundle: environment.database.caBundle,
  });
  const output = given.flags.has("json")
    ? terminalJson({ version: 1, environment: environment.name, ...verification })
    : report;
  process.stdout.write(`${output}\n`);
  if (verification.findings.length > 0) process.exitCode = 1;
}

void exitOnUserError(main);
