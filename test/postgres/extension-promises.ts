import { databaseUsers } from "../../model/access/identity";
import { quoteIdentifier } from "../../model/postgresql/quoting";
import type { Check } from "./access-promises";

/** What somebody does by an extension without saying where it is: a function, a type, an operator. */
const USES: Readonly<Record<string, string>> = {
  citext: "SELECT 'a'::citext = 'A'::citext",
  cube: "SELECT cube(1)",
  dblink: "SELECT dblink_get_connections()",
  earthdistance: "SELECT ll_to_earth(0, 0)",
  pg_trgm: "SELECT 'word' % 'words'",
};

/** What extensions are to those who have access to their database, and to nobody else. */
export const EXTENSION_PROMISES: Readonly<Record<string, Check>> = {
  "extensions are in public, where whoever has access to the database finds what they bring": async (
    deployment,
  ) => {
    const wrong: string[] = [];
    for (const { name: database, extensions = [] } of deployment.plan.databases) {
      const rows = await deployment.rows(
        "SELECT extname, extnamespace::regnamespace::text AS schema FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1",
        [],
        database,
      );
      const names = extensions.map(({ name }) => name).sort();
      if (rows.map(({ extname }) => extname).join() !== names.join()) wrong.push(`${database}: ${rows}`);
      wrong.push(
        ...rows.filter(({ schema }) => schema !== "public").map(({ extname }) => `${extname} elsewhere`),
      );
      for (const identity of deployment.plan.identities) {
        const [user = ""] = databaseUsers(identity);
        const has = identity.grants.some((grant) => grant.database === database);
        for (const name of names) {
          const sql = USES[name];
          if (sql === undefined) continue;
          const found = await deployment.outcome(user, database, sql);
          if (found !== (has ? "allowed" : "denied")) wrong.push(`${user}: ${sql}: ${found}`);
        }
      }
    }
    return wrong;
  },
  "nobody but the admin makes, moves or drops an extension, or creates beside one": async (deployment) => {
    const wrong: string[] = [];
    for (const { name: database, extensions = [] } of deployment.plan.databases) {
      const statements = [
        "CREATE EXTENSION seg SCHEMA public",
        "CREATE EXTENSION lo",
        "CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)",
        ...extensions.flatMap(({ name }) => [
          `DROP EXTENSION ${quoteIdentifier(name)} CASCADE`,
          `ALTER EXTENSION ${quoteIdentifier(name)} UPDATE`,
        ]),
      ];
      for (const identity of deployment.plan.identities) {
        if (!identity.grants.some((grant) => grant.database === database)) continue;
        const [user = ""] = databaseUsers(identity);
        for (const first of identity.sessionRole === undefined ? [[]] : [[], ["SET ROLE NONE"]]) {
          for (const sql of statements) {
            const found = await deployment.outcome(user, database, ...first, sql);
            // Without a schema to create in PostgreSQL does not even get to ask who may.
            if (found !== "denied" && !found.includes("no schema has been selected")) {
              wrong.push(`${user}: ${sql}: ${found}`);
            }
          }
        }
      }
    }
    return wrong;
  },
};
