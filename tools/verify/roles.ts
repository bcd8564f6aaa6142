import type { ExpectedRole } from "../../model/access/expectation";
import { quoteIdentifier } from "../../model/postgresql/quoting";
import type { LiveRole } from "../catalog/live-catalog";
import { compareBelonging } from "./belongings";
import { type Comparison, roleInWords } from "./comparison";
import { changeRole, deployFix } from "./fixes";
import { compareMemberships } from "./memberships";
import { compareSettings } from "./settings";

/** Roles and what is theirs in the whole cluster: attributes, settings, memberships, sessions, strange belongings. */
export function compareRoles(comparison: Comparison): void {
  const { expected, live, roles, ledger } = comparison;
  for (const role of expected.roles) {
    const found = roles.get(role.name);
    if (!found) {
      ledger.finds({
        kind: "missing",
        topic: "role",
        subject: roleInWords(comparison, role.name),
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
  for (const role of live.roles) compareStranger(comparison, role);
  compareMemberships(comparison);
  for (const belonging of live.belongings) compareBelonging(comparison, belonging);
}

/** Whoever has one of these makes itself a member of whatever it likes. */
const POWERS = ["SUPERUSER", "CREATEROLE"];

function compareStranger(comparison: Comparison, { name, system, attributes }: LiveRole): void {
  const { expected, planned, ledger } = comparison;
  const powers = attributes.filter((attribute) => POWERS.includes(attribute));
  if (system || planned.has(name) || name === expected.admin || powers.length === 0) return;
  const fix = `ALTER ROLE ${quoteIdentifier(name)} ${powers.map((power) => `NO${power}`).join(" ")};`;
  ledger.finds({
    kind: "extra",
    topic: "role",
    subject: `role ${name}`,
    detail: `has ${powers.join(", ")}, and ${expected.file} does not know it`,
    ...changeRole(comparison, name, fix),
  });
}

/** Attributes that a role has beyond CREATEROLE's reach. */
const SUPERUSERS_OWN = ["SUPERUSER", "REPLICATION", "BYPASSRLS"];

function compareAttributes(comparison: Comparison, role: ExpectedRole, found: LiveRole): void {
  const { ledger } = comparison;
  const extra = found.attributes.filter((attribute) => !role.attributes.includes(attribute));
  const missing = role.attributes.filter((attribute) => !found.attributes.includes(attribute));
  const limit = ({ connectionLimit }: ExpectedRole | LiveRole) =>
    found.connectionLimit === role.connectionLimit ? [] : [`CONNECTION LIMIT ${connectionLimit}`];
  if (extra.length + missing.length + limit(found).length === 0) {
    ledger.holds("role");
    return;
  }
  const without = (attribute: string) => `NO${attribute}`;
  const change = `ALTER ROLE ${quoteIdentifier(role.name)} ${[...limit(role), ...extra.map(without), ...missing].join(" ")};`;
  ledger.finds({
    kind: "different",
    topic: "role",
    subject: roleInWords(comparison, role.name),
    detail: `has ${[...limit(found), ...extra, ...missing.map(without)].join(", ")}, which is not planned`,
    ...(extra.some((attribute) => SUPERUSERS_OWN.includes(attribute))
      ? { fix: change, by: "superuser" }
      : changeRole(comparison, role.name, change)),
  });
}

function comparePassword(comparison: Comparison, role: ExpectedRole, found: LiveRole): void {
  const { ledger } = comparison;
  if (found.hasPassword === false) ledger.holds("password");
  if (!found.hasPassword) return;
  ledger.finds({
    kind: "extra",
    topic: "password",
    subject: roleInWords(comparison, role.name),
    detail: "has a password",
    ...changeRole(comparison, role.name, `ALTER ROLE ${quoteIdentifier(role.name)} PASSWORD NULL;`),
  });
}
