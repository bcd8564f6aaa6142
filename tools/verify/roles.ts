import type { ExpectedRole } from "../../model/access/expectation";
import { quoteIdentifier, quoteLiteral } from "../../model/postgresql/quoting";
import type { Comparison } from "./comparison";
import { deployFix, reassign } from "./fixes";
import type { LiveBelonging, LiveRole } from "./live-catalog";
import { compareMemberships } from "./memberships";

/** Roles and what is theirs in the whole cluster: attributes, settings, memberships, sessions, strange belongings. */
export function compareRoles(comparison: Comparison): void {
  const { expected, live, roles, ledger } = comparison;
  for (const role of expected.roles) {
    const found = roles.get(role.name);
    if (!found) {
      ledger.finds({
        kind: "missing",
        topic: "role",
        subject: `${role.kind} ${role.name}`,
        detail: "there is no such role",
        fix: deployFix(comparison),
      });
      continue;
    }
    compareAttributes(comparison, role, found);
    compareSettings(comparison, role, found);
    comparePassword(comparison, role, found);
  }
  if (live.roles.some(({ hasPassword }) => hasPassword === null)) {
    ledger.skips({
      subject: "passwords of roles",
      reason: `${live.user} may not read pg_authid, which only superusers may, and RDS gives nobody a superuser`,
    });
  }
  if (!roles.has(expected.iamLoginRole)) {
    ledger.finds({
      kind: "missing",
      topic: "role",
      subject: `role ${expected.iamLoginRole}`,
      detail: "there is no such role, so no login can use an IAM token: this is no RDS server",
    });
  }
  compareMemberships(comparison);
  for (const belonging of live.belongings) compareBelonging(comparison, belonging);
}

function compareAttributes({ ledger }: Comparison, role: ExpectedRole, found: LiveRole): void {
  const extra = found.attributes.filter((attribute) => !role.attributes.includes(attribute));
  const missing = role.attributes.filter((attribute) => !found.attributes.includes(attribute));
  if (extra.length + missing.length === 0) {
    ledger.holds("role");
    return;
  }
  const without = (attribute: string) =>
    attribute.startsWith("CONNECTION LIMIT") ? "CONNECTION LIMIT -1" : `NO${attribute}`;
  ledger.finds({
    kind: "different",
    topic: "role",
    subject: `${role.kind} ${role.name}`,
    detail: `has ${[...extra, ...missing.map((attribute) => `NO${attribute}`)].join(", ")}, which is not planned`,
    fix: `ALTER ROLE ${quoteIdentifier(role.name)} ${[...extra.map(without), ...missing].join(" ")};`,
  });
}

function compareSettings(comparison: Comparison, role: ExpectedRole, found: LiveRole): void {
  const { ledger } = comparison;
  const subject = `${role.kind} ${role.name}`;
  const nameOf = (setting: string) => setting.slice(0, setting.indexOf("="));
  const alter = (database: string | null) =>
    `ALTER ROLE ${quoteIdentifier(role.name)}${database === null ? "" : ` IN DATABASE ${quoteIdentifier(database)}`}`;
  const everywhere = found.settings.filter(({ database }) => database === null);
  for (const setting of role.settings) {
    const name = nameOf(setting);
    const actual = everywhere.find((each) => nameOf(each.setting) === name)?.setting;
    if (actual === setting) ledger.holds("setting");
    else if (actual === undefined) {
      const detail = `lacks the setting ${setting}`;
      ledger.finds({ kind: "missing", topic: "setting", subject, detail, fix: deployFix(comparison) });
    } else {
      const detail = `has the setting ${actual} in place of ${setting}`;
      const fix = `${alter(null)} SET ${name} = ${quoteLiteral(setting.slice(name.length + 1))};`;
      ledger.finds({ kind: "different", topic: "setting", subject, detail, fix });
    }
  }
  const expectedNames = role.settings.map(nameOf);
  for (const { database, setting } of found.settings) {
    if (database === null && expectedNames.includes(nameOf(setting))) continue;
    const name = nameOf(setting).split(".").map(quoteIdentifier).join(".");
    ledger.finds({
      kind: "extra",
      topic: "setting",
      subject,
      detail: `has the setting ${setting}${database === null ? "" : ` in the database ${database}`}`,
      fix: `${alter(database)} RESET ${name};`,
    });
  }
}

function comparePassword({ ledger }: Comparison, role: ExpectedRole, found: LiveRole): void {
  if (found.hasPassword === false) ledger.holds("password");
  if (!found.hasPassword) return;
  ledger.finds({
    kind: "extra",
    topic: "password",
    subject: `${role.kind} ${role.name}`,
    detail: "has a password",
    fix: `ALTER ROLE ${quoteIdentifier(role.name)} PASSWORD NULL;`,
  });
}

/** Kinds of objects, as pg_identify_object names them, that GRANT names in another way. */
const GRANT_KINDS: Readonly<Record<string, string>> = {
  "foreign-data wrapper": "FOREIGN DATA WRAPPER",
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

function compareBelonging(comparison: Comparison, belonging: LiveBelonging): void {
  const { expected, ledger } = comparison;
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
  const kind = expected.roles.find(({ name }) => name === role)?.kind ?? "role";
  const objects = count === 1 ? "an object" : `${count} objects`;
  const what = type === null ? `${objects} of the database ${database}` : `the ${type} ${identity}`;
  const where = type === null || database === null ? "" : ` of the database ${database}`;
  const grantKind =
    type === null
      ? undefined
      : (GRANT_KINDS[type] ?? (GRANTABLE.includes(type) ? type.toUpperCase() : undefined));
  const revoke = grantKind && `REVOKE ALL ON ${grantKind} ${identity} FROM ${quoteIdentifier(role)};`;
  // A group's tables must not go along.
  const fix = owns ? (kind === "database user" || !home ? reassign(comparison, role) : undefined) : revoke;
  ledger.finds({
    kind: "extra",
    topic: owns ? "owner" : "grant",
    subject: `${kind} ${role}`,
    detail: `${owns ? "owns" : "has privileges on"} ${what}${where}`,
    ...(fix && { fix }),
    ...(fix && database !== null && { database }),
  });
}
