import type { GrantPlan } from "../../../model/access/grants";
import type {
  IdentityBase,
  IdentityGrant,
  IdentityPlan,
  MemberLogins,
  MemberPlan,
  PeopleBase,
  ServiceIdentity,
  SharedLogin,
} from "../../../model/access/identity";
import type { AccessPlan, DatabasePlan, ExtensionPlan, SchemaPlan } from "../../../model/access/plan";
import type { SchemaGroup } from "../../../model/postgresql/names";
import { DATA, ELSEWHERE, type Named, NEUTRAL, type Rules } from "./compare-fields";
import { type NamespaceFields, settingFindings } from "./namespaces";
import {
  adoptedFindings,
  boundaryFindings,
  changedTo,
  connectionFindings,
  endpointFindings,
  makerFindings,
} from "./settings";
import { type AboutIdentity, conditionFindings, principalFindings } from "./trust";
import { reasonFindings, untilFindings } from "./until-and-reason";

// Every field of the access plan, and how it is compared. A field that is new in model/access gets its words here: a
// function that makes findings, or ELSEWHERE and the file that does.

export const PLAN: Rules<AccessPlan, Named> = {
  version: ELSEWHERE, // plan-shape.ts: nothing else can be read.
  environment: DATA,
  file: NEUTRAL,
  partition: changedTo("partition", "everything is in another partition"),
  region: changedTo("region", "everything is in another region"),
  account: changedTo("account", "everything is in another account"),
  eksCluster: changedTo("eksCluster", "roles by Pod Identity are for pods of another EKS cluster"),
  accounts: DATA,
  adminUser: changedTo("adminUser", "another role makes all of this and owns the databases"),
  permissionsBoundary: boundaryFindings,
  databases: ELSEWHERE, // parts.ts
  identities: ELSEWHERE, // identity-lines.ts
  namespaces: ELSEWHERE, // namespaces.ts
};

export const DATABASE: Rules<DatabasePlan, Named> = {
  name: ELSEWHERE, // parts.ts
  renamedFrom: ELSEWHERE, // parts.ts
  adopted: adoptedFindings,
  schemas: ELSEWHERE, // parts.ts
  extensions: ELSEWHERE, // extensions.ts
  grants: ELSEWHERE, // access-changes.ts, role-grants.ts
};

export const SCHEMA: Rules<SchemaPlan, Named> = {
  name: ELSEWHERE, // parts.ts
  renamedFrom: ELSEWHERE, // parts.ts
  managed: DATA,
  owner: ELSEWHERE, // access-changes.ts, role-grants.ts
  groups: ELSEWHERE, // parts.ts
  ownerReads: ELSEWHERE, // owner-groups.ts
};

export const EXTENSION: Rules<ExtensionPlan, Named> = {
  name: ELSEWHERE, // extensions.ts
  schema: ELSEWHERE, // extensions.ts
  reason: ELSEWHERE, // extensions.ts
};

export const GROUP: Rules<SchemaGroup, Named> = { level: ELSEWHERE, role: ELSEWHERE };

export const RENAMED_FROM: Rules<NonNullable<SchemaPlan["renamedFrom"]>, Named> = {
  database: ELSEWHERE,
  schema: ELSEWHERE,
};

export const GRANT: Rules<GrantPlan, Named> = {
  role: ELSEWHERE,
  objectType: ELSEWHERE,
  schema: ELSEWHERE,
  privileges: ELSEWHERE,
  createdBy: ELSEWHERE,
};

/** Of whatever kind. */
const ANY_IDENTITY = {
  kind: ELSEWHERE,
  key: ELSEWHERE, // identity-lines.ts
  grants: ELSEWHERE, // access-changes.ts, memberships.ts
  database: connectionFindings("database", "its sessions start in the database"),
  endpoint: endpointFindings,
  through: DATA,
  memberOf: ELSEWHERE, // access-changes.ts, memberships.ts
  sessionRole: ELSEWHERE, // memberships.ts
  connectionLimit: ELSEWHERE, // limits.ts: one line for all of them
  statementTimeout: ELSEWHERE, // limits.ts
  idleInTransactionSessionTimeout: ELSEWHERE, // limits.ts
  searchPath: ELSEWHERE, // limits.ts, search-path.ts
  iamRole: changedTo("iamRole", "has another IAM role"),
} as const;

const DATABASE_USER = {
  databaseUser: changedTo("databaseUser", "logs in as another database user"),
} as const;

/** Of each kind; of a kind that is not here, what all have is compared in words and the rest as data. */
export const IDENTITIES: {
  readonly service: Rules<ServiceIdentity, AboutIdentity>;
  readonly people: Rules<PeopleBase & Partial<SharedLogin & MemberLogins>, AboutIdentity>;
  readonly other: Rules<IdentityBase & Partial<SharedLogin> & Pick<IdentityPlan, "kind">, AboutIdentity>;
} = {
  service: {
    ...ANY_IDENTITY,
    ...DATABASE_USER,
    namespace: ELSEWHERE, // trust.ts: with its ServiceAccount
    serviceAccount: ELSEWHERE, // trust.ts
    serviceAccountExists: makerFindings,
    configMap: connectionFindings("configMap", "its ConfigMap is"),
    takesRoleBy: DATA,
  },
  people: {
    ...ANY_IDENTITY,
    databaseUser: ELSEWHERE, // members.ts
    members: ELSEWHERE, // members.ts
    principals: principalFindings,
    requireMfa: conditionFindings("requireMfa"),
    requireSourceIdentity: conditionFindings("requireSourceIdentity"),
    until: untilFindings,
    reason: reasonFindings,
  },
  other: { ...ANY_IDENTITY, ...DATABASE_USER },
};

export const MEMBER: Rules<MemberPlan, Named> = { name: ELSEWHERE, databaseUser: ELSEWHERE };

export const IDENTITY_GRANT: Rules<IdentityGrant, Named> = {
  database: ELSEWHERE,
  schema: ELSEWHERE,
  level: ELSEWHERE,
};

export const NAMESPACE: Rules<NamespaceFields, Named> = {
  name: ELSEWHERE,
  existing: ELSEWHERE, // namespaces.ts: with the settings, which one that is not ours has not
  podSecurity: settingFindings("podSecurity"),
  networkPolicy: settingFindings("networkPolicy"),
};
