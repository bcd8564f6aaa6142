import { quote, suggestion } from "../../../lib/nearest";
import { iamRoleName, MAX_IAM_ROLE_NAME } from "../../aws/names";
import { LEVELS, type Level } from "../../postgresql/levels";
import {
  databaseUser,
  MAX_IDENTIFIER_BYTES,
  PUBLIC_SCHEMA,
  reservedRoleName,
  schemaTarget,
} from "../../postgresql/names";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { declaredSchemas } from "./declared-databases";
import { type DeclaredIdentity, type DeclaredUser, declaredIdentities } from "./identities";

/** What keeps an identity from having a role and a database user, and its grants from meaning something. */
export function identityProblems({ name, access }: EnvironmentFile): Problem[] {
  const targets = declaredSchemas(access).map(({ target }) => target);
  const kinds = new Map<string, string>();
  return declaredIdentities(access).flatMap((identity) => {
    const problems = [
      ...nameProblems(name, identity, kinds.get(identity.key)),
      ...targetProblems(identity, targets),
      ...ownerProblems(identity),
      ...publicProblems(identity),
    ];
    kinds.set(identity.key, identity.kind);
    return problems;
  });
}

function nameProblems(
  environment: string,
  { path, key, databaseUsers }: DeclaredIdentity,
  other?: string,
): Problem[] {
  const role = iamRoleName(environment, key);
  const tooLong = role.length - MAX_IAM_ROLE_NAME;
  const ofIdentity = [
    ...(tooLong > 0
      ? [
          `the IAM role ${quote(role)} would have ${role.length} characters, and IAM allows ${MAX_IAM_ROLE_NAME}; shorten the name by ${tooLong}`,
        ]
      : []),
    ...(other === undefined
      ? []
      : [
          `${quote(key)} is a ${other} too, and both would be the database user ${quote(databaseUser(key))}; rename one`,
        ]),
  ].map((message) => ({ path, onKey: true, message }));
  return [...databaseUsers.flatMap(userProblems), ...ofIdentity];
}

function userProblems({ name, place }: DeclaredUser): Problem[] {
  const reserved = reservedRoleName(name);
  const tooLong = Buffer.byteLength(name) - MAX_IDENTIFIER_BYTES;
  return [
    ...(reserved ? [`the database user ${quote(name)} ${reserved}; rename it`] : []),
    ...(tooLong > 0
      ? [
          `the database user ${quote(name)} would have ${name.length} characters, and PostgreSQL keeps ${MAX_IDENTIFIER_BYTES}; shorten the group's name or this one's by ${tooLong}`,
        ]
      : []),
  ].map((message) => ({ ...place, message }));
}

function targetProblems({ path, grants }: DeclaredIdentity, targets: readonly string[]): Problem[] {
  return Object.keys(grants)
    .filter((target) => !targets.includes(target))
    .map((target) => ({
      path: [...path, "grants", target],
      onKey: true,
      message: `${quote(target)} is not declared under access.databases.${suggestion(target, targets)}`,
    }));
}

/**
 * An owner's sessions run as the owner group (`ALTER ROLE … SET role`), so that its tables belong to the group.
 * They have that group's rights and no others: a second grant would be given and never take effect.
 */
function ownerProblems({ path, grants }: DeclaredIdentity): Problem[] {
  const owned = Object.entries(grants).flatMap(([target, level]) => (ownsSchema(level) ? [target] : []));
  if (owned.length === 0 || Object.keys(grants).length === 1) return [];
  const message =
    owned.length > 1
      ? `${owned.length} owner grants on one identity (${owned.join(", ")}): its sessions can run as one owner only; make one identity per schema`
      : `an owner grant stands alone: sessions run as the owner of ${owned[0]} and would not have the other grants; give those to an identity of their own`;
  return [{ path: [...path, "grants"], onKey: true, message }];
}

/** Whoever creates in `public` decides what unqualified names mean to others, and the admin's sessions use some. */
function publicProblems({ path, grants }: DeclaredIdentity): Problem[] {
  return Object.entries(grants)
    .filter(([target, level]) => ownsSchema(level) && schemaTarget(target).schema === PUBLIC_SCHEMA)
    .map(([target]) => ({
      path: [...path, "grants", target],
      message: `${target} stays the admin's: whoever creates in it could have the admin run its code; declare a schema of its own and grant owner on that`,
    }));
}

function ownsSchema(level: Level): boolean {
  return LEVELS[level].ownsSchema;
}
