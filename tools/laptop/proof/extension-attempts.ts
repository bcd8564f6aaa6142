import type { DatabasePlan } from "../../../model/access/plan";
import { PUBLIC_SCHEMA } from "../../../model/postgresql/names";
import { quoteLiteral } from "../../../model/postgresql/quoting";
import type { Attempt } from "./attempts";

/** Something that only an extension can do, by its name alone: whoever has access to the database can. */
const USES: Readonly<Record<string, string>> = {
  btree_gist: "SELECT 1 <-> 2",
  citext: "SELECT 'a'::citext = 'A'",
  cube: "SELECT cube(1)",
  dblink: "SELECT dblink_get_connections()",
  earthdistance: "SELECT ll_to_earth(0, 0)",
  fuzzystrmatch: "SELECT levenshtein('a', 'b')",
  hstore: "SELECT 'a=>1'::hstore -> 'a'",
  intarray: "SELECT sort(ARRAY[2, 1])",
  ltree: "SELECT 'a.b'::ltree <@ 'a'",
  pg_trgm: "SELECT 'word' % 'words'",
  pgcrypto: "SELECT crypt('a', gen_salt('bf', 4))",
  postgis: "SELECT ST_Point(1, 2)",
  tablefunc: "SELECT normal_rand(1, 0, 1)",
  unaccent: "SELECT unaccent('a')",
  "uuid-ossp": "SELECT uuid_generate_v4()",
  vector: "SELECT '[1,2]'::vector <-> '[3,4]'",
};

/** Small extensions that any server carries, and that even who is no superuser could create with CREATE on the database. */
const TRUSTED = ["tcn", "lo", "seg", "isn"];

/**
 * What to try in a database with extensions, whatever the grants there.
 * @param searchPath of who tries: where it leaves `public` out, names are looked up there for the attempt. @default PostgreSQL's
 */
export function extensionAttempts(
  { extensions = [] }: DatabasePlan,
  searchPath: readonly string[] = [PUBLIC_SCHEMA],
): Attempt[] {
  if (extensions.length === 0) return [];
  const names = extensions.map(({ name }) => name);
  const other = TRUSTED.find((name) => !names.includes(name));
  return [
    ...names.map((name): Attempt => {
      // Of one that is not in the table no more than that it is there.
      const there = `SELECT 1 / count(*) FROM pg_extension WHERE extname = ${quoteLiteral(name)}`;
      const sql = Object.hasOwn(USES, name) ? (USES[name] ?? there) : there;
      const first = searchPath.includes(PUBLIC_SCHEMA) ? "" : `SET LOCAL search_path = ${PUBLIC_SCHEMA}; `;
      return { what: `use the extension ${name}`, sql: `${first}${sql}`, expected: "allowed" };
    }),
    ...(other === undefined
      ? []
      : [
          {
            what: "create an extension",
            sql: `CREATE EXTENSION ${other} SCHEMA public`,
            expected: "denied",
          } as const,
        ]),
    {
      what: "create beside the extensions",
      sql: "CREATE FUNCTION public.access_proof() RETURNS int LANGUAGE sql AS 'SELECT 1'",
      expected: "denied",
    },
  ];
}
