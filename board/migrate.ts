// Brings the message board's tables up to date: node migrate.js, as the identity that owns the schema. It may run at any
// time, and twice at once.
import { readFileSync } from "node:fs";
import { createPool, withConnection } from "./connection";
import { databaseProblem } from "./database-problem";
import { errorFields } from "./log";
import { migrate, SCHEMA } from "./migrations";
import { readSettings } from "./settings";

async function main(): Promise<number> {
  const read = readSettings(process.env, (path) => readFileSync(path, "utf8"));
  if ("problems" in read) {
    process.stderr.write(`${read.problems.join("\n")}\n`);
    return 1;
  }
  const { database } = read.settings;
  // A change of a large table takes its time.
  const pool = createPool(database, {
    application_name: "message-board migrations",
    max: 1,
    statement_timeout: 0,
    query_timeout: 0,
  });
  try {
    const { applied, version } = await withConnection(pool, (client) => migrate(client));
    for (const name of applied) process.stdout.write(`${SCHEMA}: ${name}\n`);
    process.stdout.write(`${SCHEMA}: version ${version}${applied.length > 0 ? "" : ", nothing to do"}\n`);
    return 0;
  } catch (error) {
    const { code, error: message } = errorFields(error);
    process.stderr.write(
      code === "42501"
        ? `${database.user} may not change the schema ${SCHEMA} (${message}); run this as the identity that has the grant owner on it.\n`
        : `${databaseProblem(error).reason} (${message})\n`,
    );
    return 1;
  } finally {
    await pool.end();
  }
}

// The first process of a container ignores a signal that it has no listener for. The server rolls back by itself.
process.once("SIGTERM", () => process.exit(143));

void main().then((status) => {
  process.exitCode = status;
});
