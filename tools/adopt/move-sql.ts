import { expectation } from "../../model/access/expectation";
import type { AccessPlan, DatabasePlan } from "../../model/access/plan";
import { type Before, databaseScript, databaseSql } from "../../model/access/sql";
import { ADMIN_USER, PUBLIC_SCHEMA } from "../../model/postgresql/names";
import { quoteIdentifier, quoteLiteral, quoteTexts } from "../../model/postgresql/quoting";
import { type LegacyRoles, legacyRoles } from "./legacy-roles";
import type { LiveServer } from "./live-server";
import { MOVE_FUNCTIONS, MOVE_LOCK_TIMEOUT } from "./move-functions";
import { type MovePhase, moveHeading } from "./move-heading";

/**
 * The SQL that makes a database what the plan says, with all that is in it: one transaction, for a program that connects by
 * itself. It may run again at any time.
 * @throws Error when the plan has no such database
 */
export function moveSql(plan: AccessPlan, live: LiveServer, name: string, phase: MovePhase): string {
  return databaseSql(plan, name, before(plan, live, name, phase)).apply;
}

/** The same as a script for psql, which stops at the first error and then leaves everything as it was. */
export function moveScript(plan: AccessPlan, live: LiveServer, name: string, phase: MovePhase): string {
  return databaseScript(plan, name, before(plan, live, name, phase));
}

function before(plan: AccessPlan, live: LiveServer, name: string, phase: MovePhase): Before {
  const database = plan.databases.find((each) => each.name === name);
  if (!database) throw new Error(`The plan of ${plan.environment} has no database ${name}.`);
  const legacy = legacyRoles(plan, live, name);
  return {
    heading: moveHeading(plan, live, database, legacy, phase),
    roles: phase === "finish" ? legacy.all : [],
    functions: MOVE_FUNCTIONS,
    statements: statements(plan, database, legacy, phase),
  };
}

function statements(
  plan: AccessPlan,
  database: DatabasePlan,
  { logins, all, kept }: LegacyRoles,
  phase: MovePhase,
): string[] {
  const admin = plan.adminUser ?? ADMIN_USER;
  const { schemas, adopted } = database;
  const to = adopted?.publicTo;
  const keeps = phase === "move" && logins.length > 0;
  const names = [...new Set([...schemas.map((schema) => schema.name), PUBLIC_SCHEMA])];
  const expected = expectation(plan).roles;
  return [
    "",
    "-- What was there becomes the plan's. Whoever waits for what this locks, waits as long as this does.",
    `SET LOCAL lock_timeout = '${MOVE_LOCK_TIMEOUT}';`,
    "PERFORM set_config('access.became', '{}', true);",
    ...(keeps
      ? [
          "-- These logins go on with what they can do now.",
          `PERFORM pg_temp.remember(${quoteTexts(logins)}, ${quoteTexts(names)});`,
        ]
      : []),
    "-- The database is the admin's.",
    `PERFORM pg_temp.become(pg_get_userbyid(datdba)) FROM pg_database WHERE datname = current_database() AND pg_get_userbyid(datdba) <> ${quoteLiteral(admin)};`,
    `ALTER DATABASE ${quoteIdentifier(database.name)} OWNER TO ${quoteIdentifier(admin)};`,
    ...schemas
      .filter(({ managed }) => managed)
      .flatMap((schema) => [
        `PERFORM pg_temp.ensure_role(${quoteLiteral(schema.owner)});`,
        `PERFORM pg_temp.become(${quoteLiteral(schema.owner)});`,
        `PERFORM pg_temp.become(pg_get_userbyid(nspowner)) FROM pg_namespace WHERE nspname = ${quoteLiteral(schema.name)};`,
        `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema.name)} AUTHORIZATION ${quoteIdentifier(schema.owner)};`,
        `ALTER SCHEMA ${quoteIdentifier(schema.name)} OWNER TO ${quoteIdentifier(schema.owner)};`,
      ]),
    ...(to === undefined
      ? []
      : [
          "-- What is in public, but for what extensions have put there, moves.",
          `PERFORM pg_temp.alter_objects(${quoteLiteral(PUBLIC_SCHEMA)}, ${quoteLiteral(`SET SCHEMA ${quoteIdentifier(to)}`)});`,
        ]),
    "-- Everything in a schema is its owner's.",
    ...schemas.map(
      ({ name, owner }) =>
        `PERFORM pg_temp.alter_objects(${[name, `OWNER TO ${quoteIdentifier(owner)}`, owner].map(quoteLiteral).join(", ")});`,
    ),
    ...(keeps
      ? [
          `PERFORM pg_temp.keep(${to === undefined ? "NULL, NULL" : `${quoteLiteral(PUBLIC_SCHEMA)}, ${quoteLiteral(to)}`});`,
          ...(to === undefined
            ? []
            : [
                `PERFORM pg_temp.find_moved(${quoteTexts(logins)}, ${quoteLiteral(PUBLIC_SCHEMA)}, ${quoteLiteral(to)});`,
              ]),
        ]
      : []),
    "-- Nobody but owner groups and the admin creates here from now on.",
    `PERFORM pg_temp.forget_defaults(${quoteTexts([...all, ...kept])});`,
    `PERFORM pg_temp.create_no_more(${quoteTexts(all)}, ${quoteTexts(names)}, '${phase === "move" ? "CREATE" : "USAGE"}');`,
    ...kept.map((user) => {
      const settings = expected.find((role) => role.name === user)?.settings ?? [];
      return `PERFORM pg_temp.clear_login(${quoteLiteral(user)}, ${quoteTexts(settings)});`;
    }),
    "PERFORM pg_temp.leave_all();",
    "",
  ];
}
