import { isDeepStrictEqual } from "node:util";
import type { ExpectedDatabase } from "../../model/access/expectation";
import { quoteIdentifier } from "../../model/postgresql/quoting";
import type { LiveDatabase, LiveDefaultPrivileges, LiveGrant } from "../catalog/live-catalog";
import type { Comparison } from "./comparison";
import { compareGrants } from "./grants";

/** What PostgreSQL gives PUBLIC on new objects, in whatever schema, until somebody takes it away. */
const GIVEN: Readonly<Record<string, LiveGrant>> = {
  FUNCTIONS: { grantee: "public", privilege: "EXECUTE", grantable: false },
  TYPES: { grantee: "public", privilege: "USAGE", grantable: false },
};

/** Default privileges: what comes into being tomorrow must be granted as what is there today. */
export function compareDefaultPrivileges(
  comparison: Comparison,
  database: ExpectedDatabase,
  found: LiveDatabase,
): void {
  const { roles, watched } = comparison;
  const key = ({ creator, schema, objectType }: Omit<LiveDefaultPrivileges, "grants">) =>
    JSON.stringify([creator, schema, objectType]);
  const live = new Map(found.defaultPrivileges.map((each) => [key(each), each]));
  const expected = new Map(
    database.defaultPrivileges
      .filter(
        ({ creator, schema }) =>
          roles.has(creator) && (schema === null || found.schemas.some(({ name }) => name === schema)),
      )
      .map((each) => [key(each), each]),
  );
  for (const at of new Set([...expected.keys(), ...live.keys()])) {
    const each = expected.get(at) ?? live.get(at);
    // RDS makes its own objects as it likes.
    if (!each || (roles.get(each.creator)?.system && !watched.has(each.creator))) continue;
    const { creator, schema, objectType } = each;
    const inSchema = schema === null ? "" : ` IN SCHEMA ${quoteIdentifier(schema)}`;
    const place = schema === null ? `any schema of ${database.name}` : `${database.name}.${schema}`;
    // No entry for every schema means what PostgreSQL gives; in one it would be added, and stands alone.
    const given = schema === null ? GIVEN[objectType] : undefined;
    const has = live.get(at)?.grants ?? (given ? [given] : []);
    const counts = expected.has(at) ? has : has.filter((grant) => !isDeepStrictEqual(grant, given));
    compareGrants(comparison, expected.get(at)?.grants ?? [], counts, {
      topic: "default privilege",
      subject: `${objectType.toLowerCase()} that ${creator} creates in ${place}`,
      prefix: `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoteIdentifier(creator)}${inSchema} `,
      target: objectType,
      owner: creator,
      database: database.name,
    });
  }
}
