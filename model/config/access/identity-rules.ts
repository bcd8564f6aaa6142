import { quote, suggestion } from "../../../lib/nearest";
import { iamRoleName, MAX_IAM_ROLE_NAME } from "../../aws/names";
import { LEVEL_NAMES, LEVELS, type Level, OWNER, onlyReads } from "../../postgresql/levels";
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

/** The levels that may stand beside an owner grant. */
const READING = LEVEL_NAMES.filter(onlyReads).join(" or ");

/** What keeps an identity from having a role and a database user, and its grants from meaning something. */
export function identityProblems({ name, access }: EnvironmentFile): Problem[] {
  const targets = declaredSchemas(access).map(({ target }) => target);
  const kinds = new Map<string, string>();
  const identities = declaredIdentities(access);
  const each = identities.flatMap((identity) => {
    const problems = [
      ...nameProblems(name, identity, kinds.get(identity.key)),
      ...targetProblems(identity, targets),
      ...ownerProblems(identity),
      ...publicProblems(identity),
    ];
    kinds.set(identity.key, identity.kind);
    return problems;
  });
  return [...each, ...coOwnerProblems(identities)];
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
 * An owner's sessions run as the owner group (`ALTER ROLE … SET role`), so that its tables belong to the group. They have
 * that group's rights and no others, so what else the identity may do, the group may: reading elsewhere in the database,
 * for views. By writing there, whoever writes code of the schema would gain it in everybody's sessions.
 */
function ownerProblems({ path, grants }: DeclaredIdentity): Problem[] {
  const entries = Object.entries(grants);
  const owned = entries.flatMap(([target, level]) => (ownsSchema(level) ? [target] : []));
  const [own] = owned;
  if (own === undefined) return [];
  const reads = (target: string, level: Level) =>
    onlyReads(level) && schemaTarget(target).database === schemaTarget(own).database;
  const more = entries.find(([target, level]) => target !== own && !reads(target, level));
  if (!more) return [];
  const [other] = more;
  const message =
    owned.length > 1
      ? `${owned.length} owner grants on one identity (${owned.join(", ")}): its sessions can run as one owner only; make one identity per schema`
      : `beside ${own}: ${OWNER} only ${READING} in the same database may stand, since sessions run as the owner of ${own}; give ${other} to an identity of its own`;
  return [{ path: [...path, "grants"], onKey: true, message }];
}

/** Whoever owns a schema runs as its owner group, and so has what any of its identities has: it must say the same of each. */
function coOwnerProblems(identities: readonly DeclaredIdentity[]): Problem[] {
  const first = new Map<string, { readonly key: string; readonly grants: string }>();
  return identities.flatMap(({ path, key, grants }): Problem[] => {
    const own = Object.keys(grants).find((target) => ownsSchema(grants[target]));
    if (own === undefined) return [];
    const same = JSON.stringify(Object.entries(grants).sort());
    const other = first.get(own);
    if (!other) first.set(own, { key, grants: same });
    if (!other || other.grants === same) return [];
    const message = `${quote(other.key)} owns ${own}, too, and both run as its owner, so that each may do what the other may; give both the same grants`;
    return [{ path: [...path, "grants"], onKey: true, message }];
  });
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

function ownsSchema(level: Level | undefined): boolean {
  return level !== undefined && LEVELS[level].ownsSchema;
}
