import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EmbeddedServer } from "../../tools/postgres/embedded-server";
import { run } from "../helpers/run";

/** Why scripts cannot be run by psql; undefined when they can. */
export const psqlMissing = run("psql", ["--version"]).status === 0 ? undefined : "psql is not installed";

/** Runs a script as the admin, as its own heading says, and says what came of it. */
export function runScript(server: EmbeddedServer, folder: string, script: string, ...args: string[]) {
  const file = join(folder, "script.sql");
  writeFileSync(file, script);
  const connection = `host=localhost port=${server.port} user=postgres dbname=postgres sslmode=verify-full sslrootcert=${server.caFile}`;
  const { status, stdout, stderr } = run("psql", ["-X", connection, ...args, "-f", file], {
    env: { PGPASSWORD: server.adminPassword },
  });
  return { status, stdout, stderr };
}
