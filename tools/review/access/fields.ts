import type { GrantPlan } from "../../../model/access/grants";
import type {
  AnyService,
  IdentityBase,
  IdentityGrant,
  IdentityPlan,
  MemberLogins,
  MemberPlan,
  PeopleBase,
  SharedLogin,
} from "../../../model/access/identity";
import type {
  AcceptedFinding,
  AccessPlan,
  DatabasePlan,
  ExtensionPlan,
  SchemaPlan,
} from "../../../model/access/plan";
import type { SchemaGroup } from "../../../model/postgresql/names";
import { DATA, ELSEWHERE, type Named, NEUTRAL, type Rules } from "./compare-fields";
import { type NamespaceFields, settingFindings } from "./namespaces";
import {
  accountsFindings,
  adoptedFindings,
  boundaryFindings,
  changedTo,
  connectionFindings,
  eksClusterFindings,
  endpointFindings,
  makerFindings,
  verifiesFindings,
} from "./settings";
import { type AboutIdentity, conditionFindings, externalIdFindings, principalFindings } from "./trust";
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
  eksCluster: eksClusterFindings,
  accounts: accountsFindings,
  acceptedFindings: ELSEWHERE, // accepted-findings.ts
  adminUser: changedTo("adminUser", "another role makes all of this and owns the databases"),
  permissionsBoundary: boundaryFindings,
  databases: ELSEWHERE, // parts.ts
  identities: ELSEWHERE, // identity-lines.ts
  namespaces: ELSEWHERE, // namespaces.ts
};

export const ACCEPTED_FINDING: Rules<AcceptedFinding, Named> = {
  kind: ELSEWHERE,
  topic: ELSEWHERE,
  subject: ELSEWHERE,
  detail: ELSEWHERE,
  owner: ELSEWHERE, // accepted-findings.ts: one line for it and the reason
  reason: ELSEWHERE,
  until: ELSEWHERE, // accepted-findings.ts
};

export const DATABASE: Rules<DatabasePlan, Named> = {
  name: ELSEWHERE, // parts.ts
  renamedFrom: ELSEWHERE, // parts.ts
  adopted: adoptedFindings,
  schemas: ELSEWHERE, // parts.ts
  extensions: ELSEWHERE, // extensions.ts
  connectGroup: ELSEWHERE, // access-side.ts: its grant and its members say it
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
  through: ELSEWHERE, // ways-in.ts: one line for all of them
  readsDirectly: ELSEWHERE, // ways-in.ts
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

/** What only some services have, each by where it runs. */
type OfPlace<Service> = Service extends AnyService
  ? Omit<Service, keyof IdentityBase | keyof SharedLogin | "kind">
  : never;
type AllOf<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** A service, wherever it runs. */
export type ServiceFields = IdentityBase &
  SharedLogin &
  Pick<AnyService, "kind"> &
  Partial<AllOf<OfPlace<AnyService>>>;

const SERVICE: Rules<ServiceFields, AboutIdentity> = {
  ...ANY_IDENTITY,
  ...DATABASE_USER,
  namespace: ELSEWHERE, // runs-elsewhere.ts: with its ServiceAccount
  serviceAccount: ELSEWHERE, // runs-elsewhere.ts
  serviceAccountExists: makerFindings,
  configMap: connectionFindings("configMap", "its ConfigMap is"),
  verifies: verifiesFindings,
  takesRoleBy: ELSEWHERE, // ways-in.ts: one line for all of them
  runsOn: ELSEWHERE, // runs-elsewhere.ts
  principals: principalFindings,
  externalId: externalIdFindings,
};

/** Of people and of services; of a kind that is not here, what all have is compared in words and the rest as data. */
export const IDENTITIES: {
  readonly service: Rules<ServiceFields, AboutIdentity>;
  readonly serviceElsewhere: Rules<ServiceFields, AboutIdentity>;
  readonly people: Rules<PeopleBase & Partial<SharedLogin & MemberLogins>, AboutIdentity>;
  readonly other: Rules<IdentityBase & Partial<SharedLogin> & Pick<IdentityPlan, "kind">, AboutIdentity>;
} = {
  service: SERVICE,
  // runs-elsewhere.ts says all of where it runs, before and after.
  serviceElsewhere: {
    ...SERVICE,
    serviceAccountExists: ELSEWHERE,
    configMap: ELSEWHERE,
    principals: ELSEWHERE,
    externalId: ELSEWHERE,
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
