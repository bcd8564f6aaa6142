import { quoteLiteral, quoteTexts } from "../postgresql/quoting";
import type { DatabasePlan } from "./plan";
import { renameDatabase } from "./rename-sql";

/** What a script for psql is made of. */
export interface PsqlScriptParts {
  /** What it says of itself, as comments. */
  readonly heading: string;
  readonly database: DatabasePlan;
  /** Its group roles and database users. */
  readonly roles: readonly string[];
  /** Creates the database, outside of any transaction. */
  readonly create: string;
  /** What begins a transaction and does it all. */
  readonly statements: string;
  /** What says what came of it, and ends the transaction. */
  readonly outcome: string;
}

/**
 * A script for psql. With `-v dry_run=1` it does the same and rolls it back, once it has said what changed; the database, which no
 * transaction can make or rename, then stays as it is.
 */
export function psqlScript({
  heading,
  database,
  roles,
  create,
  statements,
  outcome,
}: PsqlScriptParts): string {
  const name = quoteLiteral(database.name);
  const rename = renameDatabase(database);
  return [
    heading,
    "\\set ON_ERROR_STOP on",
    "\\set QUIET on",
    "\\pset tuples_only on",
    "\\pset format unaligned",
    "SET search_path = '';",
    "\\if :{?dry_run}",
    "\\else",
    "\\set dry_run off",
    "\\endif",
    "-- What is neither yes nor no is an error here, and not a run for real.",
    "SELECT :'dry_run'::boolean AS dry_run \\gset",
    "",
    ...(rename === undefined
      ? [`SELECT ${name} AS database \\gset`]
      : [
          `SELECT CASE WHEN dry AND due THEN ${quoteLiteral(rename.from)} ELSE ${name} END AS database, due AND NOT dry AS rename`,
          `  FROM (SELECT :'dry_run'::boolean AS dry, ${rename.isDue} AS due) new_name \\gset`,
          "\\if :rename",
          rename.statement,
          "\\endif",
        ]),
    "SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = :'database') AS missing \\gset",
    "\\if :missing",
    "\\if :dry_run",
    `SELECT concat(${quoteLiteral(
      `Dry run: the database ${database.name} is not there. It would be made with all that the top of this script says, and nothing has been changed.`,
    )},`,
    `  (SELECT ' Of its roles these are there, and become what it says: ' || string_agg(rolname, ', ' ORDER BY rolname) || '.'`,
    `    FROM pg_catalog.pg_roles WHERE rolname = ANY (${quoteTexts(roles)})));`,
    "\\quit",
    "\\endif",
    `${create};`,
    "\\endif",
    "\\connect :database",
    "",
    "\\o /dev/null",
    statements,
    "\\o",
    "\\if :dry_run",
    `SELECT CASE WHEN EXISTS (SELECT FROM pg_temp.access_changes()) OR current_database() <> ${name}`,
    "  THEN 'Dry run: this would change, and nothing has been changed.' ELSE 'Dry run: nothing would change.' END;",
    ...(rename === undefined
      ? []
      : [
          `SELECT ${quoteLiteral(`~ database ${rename.from}: becomes ${database.name}`)} WHERE current_database() <> ${name};`,
        ]),
    "SELECT * FROM pg_temp.access_changes();",
    "ROLLBACK;",
    "\\else",
    outcome,
    "\\endif",
    "",
  ].join("\n");
}
