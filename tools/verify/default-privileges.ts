import type { ExpectedDatabase } from "../../model/access/expectation";
import { quoteIdentifier } from "../../model/postgresql/quoting";
import type { Comparison } from "./comparison";
import { compareGrants } from "./grants";
import type { LiveDatabase, LiveDefaultPrivileges } from "./live-catalog";

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
        ({ creator, schema }) => roles.has(creator) && found.schemas.some(({ name }) => name === schema),
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
    compareGrants(comparison, expected.get(at)?.grants ?? [], live.get(at)?.grants ?? [], {
      topic: "default privilege",
      subject: `${objectType.toLowerCase()} that ${creator} creates in ${place}`,
      prefix: `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoteIdentifier(creator)}${inSchema} `,
      target: objectType,
      owner: creator,
      database: database.name,
    });
  }
}
