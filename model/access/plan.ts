import {
  type DeclaredDatabase,
  type DeclaredExtension,
  declaredDatabases,
} from "../config/access/declared-databases";
import { endOf } from "../config/access/until";
import type { Environment } from "../config/environment";
import { driftKey, type NamedDrift } from "../config/verify/drift";
import { connectGroups } from "../config/verify/job-identity";
import { extensionSchema, inOrderOfNeed } from "../postgresql/extensions";
import { OWNER } from "../postgresql/levels";
import {
  ADMIN_USER,
  groupRole,
  IAM_LOGIN_ROLE,
  PUBLIC_SCHEMA,
  type SchemaGroup,
  schemaGroups,
  schemaTarget,
} from "../postgresql/names";
import { databaseGrants, type GrantPlan } from "./grants";
import type { IdentityPlan } from "./identity";
import { identityPlans } from "./identity-plans";
import { type NamespacePlan, namespacePlans } from "./namespace";

/** A schema and its group roles. */
export interface SchemaPlan {
  readonly name: string;
  /** Where it was when it was last deployed, if its name or its database's is another since. */
  readonly renamedFrom?: { readonly database: string; readonly schema: string };
  /** False for `public`, which every database has: it is granted on, never created or dropped. */
  readonly managed: boolean;
  /** Who owns what is created in the schema, and the schema: its owner group. Of `public` it is the admin. */
  readonly owner: string;
  /** One for each level that can be had there, the owner's first. */
  readonly groups: readonly SchemaGroup[];
  /**
   * Groups of other schemas that the owner group is in, sorted: what else its identities may read, and so views of the schema
   * show. @default none
   */
  readonly ownerReads?: readonly string[];
}

/** How a database that was there comes to be as planned. */
export interface AdoptedPlan {
  /** Schema that what is in `public` moves to. @default it stays there */
  readonly publicTo?: string;
}

/** An extension of a database. */
export interface ExtensionPlan {
  readonly name: string;
  /** The schema it is in: `public`, unless it has one of its own. */
  readonly schema: string;
  /** What the file says it is needed for. */
  readonly reason?: string;
}

/** A database, its schemas, and every grant in it in the order they must be made. */
export interface DatabasePlan {
  readonly name: string;
  /** Its name when it was last deployed, if that was another. */
  readonly renamedFrom?: string;
  /** It was there already, and the SQL of adopting has made it as planned: Terraform takes it over. @default false */
  readonly adopted?: AdoptedPlan;
  readonly schemas: readonly SchemaPlan[];
  /** Group role that may connect, and has nothing on what is in it: that of the job that verifies. @default there is none */
  readonly connectGroup?: string;
  /** In the order in which they are made: each after those that it needs. @default none */
  readonly extensions?: readonly ExtensionPlan[];
  readonly grants: readonly GrantPlan[];
}

/** A finding of `npm run verify` that is known and does not count. */
export interface AcceptedFinding extends NamedDrift {
  /** Who sees to it. */
  readonly owner: string;
  readonly reason: string;
  /** The first instant at which it counts again, in UTC, such as 2027-01-01T00:00:00Z. */
  readonly until: string;
}

/** An account that the file names. */
export interface AccountPlan {
  readonly name: string;
  readonly id: string;
}

/**
 * Everything about access in one environment, as data: computed once and rendered as Terraform, SQL, a report and
 * the expectation of a live database. Nothing derives a role name, a membership, a grant or an ARN anywhere else.
 */
export interface AccessPlan {
  /** Version of this shape; tools that read access-plan.json check it. */
  readonly version: 1;
  readonly environment: string;
  /** The environment file. */
  readonly file: string;
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly permissionsBoundary?: string;
  /** Name of the EKS cluster whose pods take IAM roles by Pod Identity. @default none do */
  readonly eksCluster?: string;
  /** Other accounts whose principals may be identities, sorted by name. @default none */
  readonly accounts?: readonly AccountPlan[];
  /** Findings that do not count yet, sorted. @default none */
  readonly acceptedFindings?: readonly AcceptedFinding[];
  /** Role that makes all of this. @default ADMIN_USER; an existing database may have another */
  readonly adminUser?: string;
  readonly databases: readonly DatabasePlan[];
  readonly identities: readonly IdentityPlan[];
  /** Kubernetes namespaces, sorted by name. */
  readonly namespaces: readonly NamespacePlan[];
}

/** Computes the plan of an environment; pure, and in sorted order whatever the order of the file. */
export function accessPlan(environment: Environment): AccessPlan {
  const { access, cluster } = environment;
  const adminUser = environment.database.existing?.adminUser ?? ADMIN_USER;
  const identities = identityPlans(environment);
  const reading = ownersReading(identities);
  const connecting = new Map(connectGroups(environment).map(({ database, role }) => [database, role]));
  const byKey = (left: IdentityPlan, right: IdentityPlan) => (left.key < right.key ? -1 : 1);
  return {
    version: 1,
    environment: environment.name,
    file: environment.file,
    partition: environment.partition,
    region: environment.region,
    account: environment.account,
    ...(access.permissionsBoundary && { permissionsBoundary: access.permissionsBoundary }),
    ...(adminUser !== ADMIN_USER && { adminUser }),
    ...(cluster.identity !== "irsa" && { eksCluster: cluster.existing?.name ?? environment.name }),
    ...accountPlans(access.accounts),
    ...acceptedFindings(environment.verify.accepted),
    databases: declaredDatabases(access)
      .sort((left, right) => (left.name < right.name ? -1 : 1))
      .map((database) => ({
        ...databasePlan(database, adminUser, access.renamed, reading, connecting.get(database.name)),
        ...adoptedPlan(access.adopted[database.name]),
      })),
    identities: identities.sort(byKey),
    namespaces: namespacePlans(access),
  };
}

function accountPlans(accounts: Environment["access"]["accounts"]): Pick<AccessPlan, "accounts"> {
  const named = Object.entries(accounts).sort(([left], [right]) => (left < right ? -1 : 1));
  return named.length === 0 ? {} : { accounts: named.map(([name, id]) => ({ name, id })) };
}

function acceptedFindings(accepted: Environment["verify"]["accepted"]): Pick<AccessPlan, "acceptedFindings"> {
  if (accepted.length === 0) return {};
  const key = (finding: AcceptedFinding) => driftKey(finding);
  const findings = accepted.map((finding) => ({ ...finding, until: endOf(finding.until) }));
  return { acceptedFindings: findings.sort((left, right) => (key(left) < key(right) ? -1 : 1)) };
}

function adoptedPlan(adopted: { readonly public?: string } | undefined): Pick<DatabasePlan, "adopted"> {
  return adopted === undefined ? {} : { adopted: { ...(adopted.public && { publicTo: adopted.public }) } };
}

/** Every group role of a plan, sorted by database, schema and level. */
export function groupRoles(plan: AccessPlan): string[] {
  return plan.databases.flatMap(databaseGroups);
}

/** The group roles of one database, sorted by schema and level; last the one that may only connect. */
export function databaseGroups({ schemas, connectGroup }: DatabasePlan): string[] {
  const ofSchemas = schemas.flatMap(({ groups }) => groups.map(({ role }) => role));
  return connectGroup === undefined ? ofSchemas : [...ofSchemas, connectGroup];
}

/** Those of some identities who may connect to a database: each is in one of its groups. */
export function thoseIn(database: DatabasePlan, identities: readonly IdentityPlan[]): IdentityPlan[] {
  const groups = new Set(databaseGroups(database));
  return identities.filter(({ memberOf }) => memberOf.some((role) => groups.has(role)));
}

/** The groups that owner groups are in, since their sessions have what they have and nothing else. */
function ownersReading(identities: readonly IdentityPlan[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    identities.flatMap(({ sessionRole, memberOf }) => {
      const groups = memberOf.filter((role) => role !== IAM_LOGIN_ROLE && role !== sessionRole);
      return sessionRole === undefined || groups.length === 0 ? [] : [[sessionRole, groups.sort()]];
    }),
  );
}

function databasePlan(
  { name, schemas: declared, extensions: wanted }: DeclaredDatabase,
  admin: string,
  renamed: Readonly<Record<string, string>>,
  reading: ReadonlyMap<string, readonly string[]>,
  connectGroup: string | undefined,
): DatabasePlan {
  const oldName = (now: string) => Object.entries(renamed).find(([, to]) => to === now)?.[0];
  const renamedFrom = oldName(name);
  const names = declared.map((schema) => schema.name).sort();
  const schemas = names.map((schema): SchemaPlan => {
    const old = oldName(`${name}.${schema}`);
    const made = schemaPlan(name, schema, admin);
    const ownerReads = reading.get(made.owner);
    return {
      ...made,
      ...(ownerReads && { ownerReads }),
      ...(old !== undefined && { renamedFrom: schemaTarget(old) }),
      ...(renamedFrom !== undefined && { renamedFrom: { database: renamedFrom, schema } }),
    };
  });
  const extensions = extensionPlans(wanted);
  return {
    name,
    ...(renamedFrom !== undefined && { renamedFrom }),
    schemas,
    ...(connectGroup !== undefined && { connectGroup }),
    ...(extensions.length > 0 && { extensions }),
    grants: databaseGrants(admin, schemas, extensions, connectGroup),
  };
}

function extensionPlans(declared: readonly DeclaredExtension[]): ExtensionPlan[] {
  return inOrderOfNeed(declared.map(({ name }) => name)).map((name) => {
    const reason = declared.find((each) => each.name === name)?.reason;
    return { name, schema: extensionSchema(name), ...(reason !== undefined && { reason }) };
  });
}

function schemaPlan(database: string, name: string, admin: string): SchemaPlan {
  const managed = name !== PUBLIC_SCHEMA;
  return {
    name,
    managed,
    owner: managed ? groupRole(database, name, OWNER) : admin,
    groups: schemaGroups(database, name),
  };
}
