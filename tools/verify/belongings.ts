import { quoteIdentifier } from "../../model/postgresql/quoting";
import type { LiveBelonging } from "../catalog/live-catalog";
import { type Comparison, roleInWords } from "./comparison";
import type { Remedy } from "./finding";
import { asMemberOf, reassign } from "./fixes";

/** Kinds of objects, as pg_identify_object names them, that GRANT names in another way. */
const GRANT_KINDS: Readonly<Record<string, string>> = {
  "foreign-data wrapper": "FOREIGN DATA WRAPPER",
  "parameter ACL": "PARAMETER",
  server: "FOREIGN SERVER",
  aggregate: "ROUTINE",
  view: "TABLE",
};

/** Kinds of objects that GRANT knows by the name pg_identify_object gives them. */
const GRANTABLE = [
  "database",
  "function",
  "language",
  "large object",
  "procedure",
  "schema",
  "table",
  "tablespace",
  "type",
];

/** Something that a role of the plan, rds_iam or everybody has where the plan gives it nothing, of whatever kind. */
export function compareBelonging(comparison: Comparison, belonging: LiveBelonging): void {
  const { expected, planned, ledger } = comparison;
  const { role, owns, database, type, schema, identity, count } = belonging;
  const home = expected.databases.find(({ name }) => name === database);
  const ownerHere = home?.schemas.some(
    ({ name, objectOwner }) => objectOwner === role && (name === schema || type === "large object"),
  );
  // What a migration may make in its schema beyond tables, such as a collation; large objects are in no schema.
  if (owns && ownerHere) {
    ledger.holds("owner");
    return;
  }
  const objects = count === 1 ? "an object" : `${count} objects`;
  const what = type === null ? `${objects} of the database ${database}` : `the ${type} ${identity}`;
  const where = type === null || database === null ? "" : ` of the database ${database}`;
  // A group's tables must not go along.
  const reassigns = planned.get(role)?.kind !== "group role" || !home;
  const remedy = owns ? (reassigns ? giveAway(comparison, belonging) : {}) : revoke(comparison, belonging);
  ledger.finds({
    kind: "extra",
    topic: owns ? "owner" : "grant",
    subject: role === "public" ? "PUBLIC" : roleInWords(comparison, role),
    detail: `${owns ? "owns" : "has privileges on"} ${what}${where}`,
    // Objects of another database are only counted.
    ...(type === null && { unnamed: true }),
    ...remedy,
    ...(remedy.fix && database !== null && { database }),
  });
}

function giveAway(comparison: Comparison, { role, type, identity }: LiveBelonging): Remedy {
  if (type !== "user mapping") return reassign(comparison, role);
  // It is of the role whatever happens, so it cannot change hands. The identity is `<role> on server <server>`.
  const server = identity?.slice(`${role} on server `.length) ?? "";
  return {
    fix: `DROP USER MAPPING FOR ${quoteIdentifier(role)} SERVER ${quoteIdentifier(server)};`,
    by: "superuser",
  };
}

function revoke(comparison: Comparison, { role, type, identity, owner }: LiveBelonging): Remedy {
  const grantKind =
    type === null
      ? undefined
      : (GRANT_KINDS[type] ?? (GRANTABLE.includes(type) ? type.toUpperCase() : undefined));
  if (!grantKind) return {};
  const from = role === "public" ? "PUBLIC" : quoteIdentifier(role);
  const fix = `REVOKE ALL ON ${grantKind} ${identity} FROM ${from} CASCADE;`;
  return owner === null ? { fix, by: "superuser" } : asMemberOf(comparison, [owner], fix);
}
