import { quote, suggestion } from "../../lib/nearest";
import { iamRoleName, MAX_IAM_ROLE_NAME } from "../aws/names";
import { LEVELS, type Level } from "../postgresql/levels";
import {
  databaseUser,
  MAX_IDENTIFIER_BYTES,
  reservedDatabaseName,
  reservedRoleName,
  reservedSchemaName,
  schemaGroups,
  schemaTarget,
} from "../postgresql/names";
import type { AccessConfig } from "./environment";
import { declaredIdentities } from "./identities";
import type { Problem } from "./problem";

/** Everything that would make the access plan of a file wrong or ambiguous; paths are relative to the file. */
export function accessProblems(environment: string, access: AccessConfig): Problem[] {
  return [
    ...databaseProblems(access),
    ...identityProblems(environment, access),
    ...serviceProblems(access),
    ...collisions(access),
  ];
}

function databaseProblems(access: AccessConfig): Problem[] {
  return Object.entries(access.databases).flatMap(([database, schemas]) => {
    const path = ["access", "databases", database];
    const reserved = reservedDatabaseName(database);
    const problems: Problem[] = reserved
      ? [{ path, onKey: true, message: `the database name ${quote(database)} ${reserved}; choose another` }]
      : [];
    schemas.forEach((schema, index) => {
      const at = [...path, index];
      const taken = reservedSchemaName(schema);
      if (taken)
        problems.push({ path: at, message: `the schema name ${quote(schema)} ${taken}; choose another` });
      if (schemas.indexOf(schema) < index) {
        problems.push({ path: at, message: `schema ${quote(schema)} is listed twice; remove one` });
      }
      const group = schemaGroups(database, schema)
        .map(({ role }) => role)
        .find((role) => Buffer.byteLength(role) > MAX_IDENTIFIER_BYTES);
      if (group !== undefined) {
        problems.push({
          path: at,
          message: `the group role ${quote(group)} would have ${Buffer.byteLength(group)} bytes, and PostgreSQL keeps ${MAX_IDENTIFIER_BYTES}; shorten the database's or the schema's name`,
        });
      }
    });
    return problems;
  });
}

function identityProblems(environment: string, access: AccessConfig): Problem[] {
  const targets = Object.entries(access.databases).flatMap(([database, schemas]) =>
    schemas.map((schema) => `${database}.${schema}`),
  );
  const problems: Problem[] = [];
  const names = new Map<string, string>();
  for (const { path, key, grants, kind } of declaredIdentities(access)) {
    const user = databaseUser(key);
    const reserved = reservedRoleName(user);
    if (reserved) {
      problems.push({
        path,
        onKey: true,
        message: `the database user ${quote(user)} ${reserved}; rename it`,
      });
    }
    const role = iamRoleName(environment, key);
    if (role.length > MAX_IAM_ROLE_NAME) {
      problems.push({
        path,
        onKey: true,
        message: `the IAM role ${quote(role)} would have ${role.length} characters, and IAM allows ${MAX_IAM_ROLE_NAME}; shorten the name by ${role.length - MAX_IAM_ROLE_NAME}`,
      });
    }
    const other = names.get(key);
    if (other) {
      problems.push({
        path,
        onKey: true,
        message: `${quote(key)} is a ${other} too, and both would be the database user ${quote(user)}; rename one`,
      });
    }
    names.set(key, kind);
    for (const target of Object.keys(grants)) {
      if (targets.includes(target)) continue;
      problems.push({
        path: [...path, "grants", target],
        onKey: true,
        message: `${quote(target)} is not declared under access.databases.${suggestion(target, targets)}`,
      });
    }
    problems.push(...ownerProblems([...path, "grants"], grants));
  }
  return problems;
}

/**
 * An owner's sessions run as the owner group (`ALTER ROLE … SET role`), so that its tables belong to the group.
 * They have that group's rights and no others: a second grant would be given and never take effect.
 */
function ownerProblems(path: readonly PropertyKey[], grants: Readonly<Record<string, Level>>): Problem[] {
  const targets = Object.keys(grants);
  const owned = Object.entries(grants).flatMap(([target, level]) =>
    LEVELS[level].ownsSchema ? [target] : [],
  );
  if (owned.length === 0 || targets.length === 1) return [];
  const message =
    owned.length > 1
      ? `${owned.length} owner grants on one identity (${owned.join(", ")}): its sessions can run as one owner only; make one identity per schema`
      : `an owner grant stands alone: sessions run as the owner of ${owned[0]} and would not have the other grants; give those to an identity of their own`;
  return [{ path, onKey: true, message }];
}

/** Namespaces that Kubernetes makes, and in which nothing of ours belongs. */
const KEPT_NAMESPACES = ["default", "kube-node-lease", "kube-public", "kube-system"];

function serviceProblems(access: AccessConfig): Problem[] {
  const problems: Problem[] = [];
  const accounts = new Map<string, string>();
  for (const [key, service] of Object.entries(access.services)) {
    const path = ["access", "services", key];
    if (KEPT_NAMESPACES.includes(service.namespace)) {
      problems.push({
        path: [...path, "namespace"],
        message: `the namespace ${quote(service.namespace)} belongs to Kubernetes; name one of your own`,
      });
    }
    const account = service.serviceAccount ?? key;
    const at = service.serviceAccount ? { path: [...path, "serviceAccount"] } : { path, onKey: true };
    if (account === "default") {
      problems.push({
        ...at,
        message: 'every pod without a ServiceAccount of its own runs as "default"; name another',
      });
    }
    const other = accounts.get(`${service.namespace}/${account}`);
    if (other) {
      problems.push({
        ...at,
        message: `the ServiceAccount ${service.namespace}/${account} is that of ${quote(other)} already, and one ServiceAccount can carry one IAM role; name another`,
      });
    }
    accounts.set(`${service.namespace}/${account}`, key);
    const databases = [
      ...new Set(Object.keys(service.grants).map((target) => schemaTarget(target).database)),
    ];
    if (service.database !== undefined && !databases.includes(service.database)) {
      problems.push({
        path: [...path, "database"],
        message: `the service has no grant in the database ${quote(service.database)}.${suggestion(service.database, databases)}`,
      });
    }
    if (service.database === undefined && databases.length > 1) {
      problems.push({
        path,
        onKey: true,
        message: `the service has grants in ${databases.join(" and ")}; add "database:" with the one its ConfigMap should name`,
      });
    }
  }
  return problems;
}

/** Group roles and database users share one namespace: no two of them may come out the same. */
function collisions(access: AccessConfig): Problem[] {
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  for (const [database, schemas] of Object.entries(access.databases)) {
    for (const [index, schema] of schemas.entries()) {
      if (schemas.indexOf(schema) < index) continue;
      for (const { role: group } of schemaGroups(database, schema)) {
        const other = taken.get(group);
        if (other) {
          problems.push({
            path: ["access", "databases", database, index],
            message: `${database}.${schema} and ${other} would share the group role ${quote(group)}; rename one`,
          });
          break;
        }
        taken.set(group, `${database}.${schema}`);
      }
    }
  }
  for (const { path, key } of declaredIdentities(access)) {
    const other = taken.get(databaseUser(key));
    if (other) {
      problems.push({
        path,
        onKey: true,
        message: `the database user ${quote(databaseUser(key))} is a group role of ${other} already; rename it`,
      });
    }
  }
  return problems;
}
