import type { ExpectedDatabase } from "../../model/access/expectation";
import { PUBLIC_SCHEMA } from "../../model/postgresql/names";
import { quoteIdentifier } from "../../model/postgresql/quoting";
import type { LiveDatabase, LiveGrant } from "../catalog/live-catalog";
import type { Comparison } from "./comparison";
import { compareDefaultPrivileges } from "./default-privileges";
import { compareExtensions } from "./extensions";
import { asMemberOf, deployFix } from "./fixes";
import { compareGrants } from "./grants";
import { compareObjects } from "./objects";
import { comparePolicies } from "./policies";

/** Databases, their schemas, and everything in them. */
export function compareDatabases(comparison: Comparison): void {
  const { expected, live, ledger } = comparison;
  for (const database of expected.databases) {
    const found = live.databases.find(({ name }) => name === database.name);
    if (!found) {
      const [topic, subject] = ["database", `database ${database.name}`] as const;
      const detail = "there is no such database";
      ledger.finds({ kind: "missing", topic, subject, detail, fix: deployFix(comparison) });
      continue;
    }
    ledger.holds("database");
    compareDatabase(comparison, database, found);
    compareSchemas(comparison, database, found);
    compareExtensions(comparison, database, found);
    for (const objects of found.objects) compareObjects(comparison, database, found, objects);
    compareDefaultPrivileges(comparison, database, found);
    comparePolicies(comparison, database, found);
  }
}

function compareDatabase(comparison: Comparison, database: ExpectedDatabase, found: LiveDatabase): void {
  const { expected, roles, ledger } = comparison;
  const { name, owner } = found;
  const subject = `database ${name}`;
  // A superuser gains nothing by owning it.
  const superuser = roles.get(owner)?.attributes.includes("SUPERUSER");
  if (owner === expected.admin || superuser) ledger.holds("owner");
  else {
    ledger.finds({
      kind: "different",
      topic: "owner",
      subject,
      detail: `belongs to ${owner} in place of ${expected.admin}`,
      ...asMemberOf(
        comparison,
        [owner],
        `ALTER DATABASE ${quoteIdentifier(name)} OWNER TO ${quoteIdentifier(expected.admin)};`,
      ),
    });
  }
  compareGrants(comparison, database.grants, found.grants, {
    subject,
    target: `DATABASE ${quoteIdentifier(name)}`,
    owner,
  });
}

function compareSchemas(comparison: Comparison, database: ExpectedDatabase, found: LiveDatabase): void {
  const { expected, watched, roles, ledger } = comparison;
  const live = new Map(found.schemas.map((schema) => [schema.name, schema]));
  for (const { name } of database.schemas) {
    if (live.has(name)) ledger.holds("schema");
    else {
      const subject = `schema ${database.name}.${name}`;
      const detail = "there is no such schema";
      ledger.finds({ kind: "missing", topic: "schema", subject, detail, fix: deployFix(comparison) });
    }
  }
  for (const { name, owner, grants } of found.schemas) {
    const schema = database.schemas.find((each) => each.name === name);
    const subject = `schema ${database.name}.${name}`;
    const admins = owner === expected.admin || roles.get(owner)?.system === true;
    const right = schema?.owner
      ? owner === schema.owner
      : !watched.has(owner) && (admins || name !== PUBLIC_SCHEMA);
    if (right) ledger.holds("owner");
    else {
      const to = schema?.owner ?? expected.admin;
      ledger.finds({
        kind: "different",
        topic: "owner",
        subject,
        detail: `belongs to ${owner} in place of ${to}`,
        ...asMemberOf(
          comparison,
          [owner, to],
          `ALTER SCHEMA ${quoteIdentifier(name)} OWNER TO ${quoteIdentifier(to)};`,
        ),
        database: database.name,
      });
    }
    // Others may use a schema that the plan does not know. Nobody but the admin may create in `public`, planned or not.
    const unplanned = schema === undefined;
    const open = unplanned && name === PUBLIC_SCHEMA;
    const matters = ({ grantee, privilege }: LiveGrant) =>
      grantee === "public" || watched.has(grantee) || (privilege === "CREATE" && grantee !== expected.admin);
    const planned = schema?.grants ?? (open ? database.usersOfPublic : []);
    compareGrants(comparison, planned, open ? grants.filter(matters) : grants, {
      subject,
      target: `SCHEMA ${quoteIdentifier(name)}`,
      owner,
      database: database.name,
      outsidePlan: unplanned && !open,
    });
  }
}
