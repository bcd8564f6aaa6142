import { unreachable } from "../../lib/unreachable";
import { iamRoleName } from "../aws/names";
import { byToken, type RolesTakenBy } from "../aws/pod-identity";
import { placeOf, type Runtime, type ServicePlace } from "../config/access/place";
import { connectionConfigMap } from "../config/access/service-account";
import { RUNTIMES } from "../config/access/services";
import { type MayUseProxy, notThroughProxy } from "../config/access/through-proxy";
import { endOf } from "../config/access/until";
import { hasReaderEndpoint } from "../config/database/reader-endpoint";
import type { Environment, IdentitySection } from "../config/environment";
import { LEVELS, type Level } from "../postgresql/levels";
import {
  databaseUser,
  groupRole,
  IAM_LOGIN_ROLE,
  memberUser,
  POSTGRESQL_PORT,
  schemaTarget,
} from "../postgresql/names";
import { type DeclaredLimits, type IdentityLimits, limitsOf } from "./limits";

/** One grant of an identity, as the environment file says it. */
export interface IdentityGrant {
  readonly database: string;
  readonly schema: string;
  readonly level: Level;
}

/** By what an identity logs in: one database user that whoever takes its IAM role is. */
export interface SharedLogin {
  readonly databaseUser: string;
}

/** A person of a group, who is a database user of their own. */
export interface MemberPlan {
  /** What their sessions in AWS are called: `anna@acme.com`. */
  readonly name: string;
  readonly databaseUser: string;
}

/** By what a group of people logs in whose members each are a database user of their own, behind one IAM role. */
export interface MemberLogins {
  /** Sorted by name; not empty. */
  readonly members: readonly MemberPlan[];
}

/** What every identity is: one IAM role that may log in as one database user, or as that of each of its members. */
export interface IdentityBase extends IdentityLimits {
  /** Its name in the environment file. */
  readonly key: string;
  readonly grants: readonly IdentityGrant[];
  /** Database that its sessions start in unless told otherwise: PGDATABASE. */
  readonly database: string;
  /** Host that its sessions connect to. Only what writes nowhere and owns nothing connects to readers. @default the writer */
  readonly endpoint?: "reader";
  /** Its connections go through the RDS Proxy. Owners' do not: what a migration does pins them to one session. @default to the database itself */
  readonly through?: "proxy";
  /** It goes to the readers without the proxy, which does not lead to them, and to the writer through it. @default false */
  readonly readsDirectly?: true;
  /** Roles each of its database users is a member of: `rds_iam`, then its groups. */
  readonly memberOf: readonly string[];
  /** Group its sessions run as, so that what a migration creates belongs to the group. Owners only. */
  readonly sessionRole?: string;
  /** Name of its IAM role, without a path. */
  readonly iamRole: string;
}

/** A service on EKS: its pods take the IAM role by the token of their ServiceAccount, or by EKS Pod Identity. */
export interface ServiceIdentity extends IdentityBase, SharedLogin {
  readonly kind: "service";
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Something else makes the ServiceAccount, and it is to carry the annotation that names the IAM role. @default false */
  readonly serviceAccountExists?: true;
  /** ConfigMap that says how to connect. */
  readonly configMap: string;
  /** How its pods take the IAM role. @default by the token of their ServiceAccount alone (IRSA) */
  readonly takesRoleBy?: Exclude<RolesTakenBy, "irsa">;
}

/** A service on Lambda, ECS or EC2, which take its IAM role and give it the credentials. */
export interface WorkloadIdentity extends IdentityBase, SharedLogin {
  readonly kind: "workload";
  readonly runsOn: Runtime;
}

/** Whatever has an IAM role of the account that exists already: who may take it is not decided here. */
export interface RoleIdentity extends IdentityBase, SharedLogin {
  readonly kind: "role";
}

/** A service that takes its IAM role by what it is in AWS elsewhere: a CI system, or somebody of another account. */
export interface PrincipalsIdentity extends IdentityBase, SharedLogin {
  readonly kind: "principals";
  /** ARNs of the IAM roles and users that may assume the IAM role, sorted. */
  readonly principals: readonly string[];
  /** What they must say when they do. @default nothing */
  readonly externalId?: string;
}

/** A service wherever it runs: an entry of `access.services`. */
export type AnyService = ServiceIdentity | WorkloadIdentity | RoleIdentity | PrincipalsIdentity;

/** Whether whoever makes its ServiceAccount has to annotate it with the IAM role. */
export function needsAnnotation({ serviceAccountExists, takesRoleBy }: ServiceIdentity): boolean {
  return serviceAccountExists === true && byToken(takesRoleBy);
}

/** `<namespace>/<name>` of the ServiceAccount that a service runs as. */
export function accountOf({ namespace, serviceAccount }: ServiceIdentity): string {
  return `${namespace}/${serviceAccount}`;
}

/** A group of people, who take the IAM role with credentials that they have. */
export interface PeopleBase extends IdentityBase {
  readonly kind: "people";
  /** ARNs of the IAM roles and users that may assume the IAM role. */
  readonly principals: readonly string[];
  /** Only sessions that were signed in to with a second factor may assume it. @default false */
  readonly requireMfa?: true;
  /** Only sessions that carry a source identity may assume it. @default false */
  readonly requireSourceIdentity?: true;
  /** When its access ends: an instant in UTC, such as 2027-01-01T00:00:00Z. @default never */
  readonly until?: string;
  /** Why it has access, in a line. @default not said */
  readonly reason?: string;
}

/** A group of people, who share a database user or have one each. */
export type PeopleIdentity = PeopleBase & (SharedLogin | MemberLogins);

/**
 * Whoever may log in. What differs between kinds is told apart by an exhaustive switch on `kind` everywhere: a new kind
 * goes here, and the compiler names every place that has to know it.
 */
export type IdentityPlan = AnyService | PeopleIdentity;

/** Every kind that this version knows. */
const KINDS: Readonly<Record<IdentityPlan["kind"], true>> = {
  service: true,
  workload: true,
  role: true,
  principals: true,
  people: true,
};

/** Whether this version knows the kind of an identity, and what it runs on: a plan that is read may be a later one's. */
export function isKnownKind(identity: IdentityPlan): boolean {
  const isKnown = Object.hasOwn(KINDS, identity.kind);
  return isKnown && (identity.kind !== "workload" || RUNTIMES.includes(identity.runsOn));
}

/** An identity outside of EKS that is no group of people: it finds how to connect in SSM parameters. */
export type IdentityOutsideEks = Exclude<AnyService, ServiceIdentity>;

/** Whether an identity runs outside of EKS, and reads how to connect from SSM parameters. */
export function isOutsideEks(identity: IdentityPlan): identity is IdentityOutsideEks {
  return isKnownKind(identity) && identity.kind !== "service" && identity.kind !== "people";
}

/** A database user of an identity's, and whose it is. */
export interface Login {
  readonly databaseUser: string;
  /** The only one who logs in as it. @default whoever takes the IAM role */
  readonly member?: string;
}

/** The logins of an identity: one, or that of each member. */
export function loginsOf(identity: IdentityPlan): readonly [Login, ...Login[]] {
  if (!("members" in identity)) return [{ databaseUser: identity.databaseUser }];
  const [first, ...others] = identity.members.map(({ name, databaseUser }) => ({
    databaseUser,
    member: name,
  }));
  if (first === undefined) throw new Error(`${identity.key} has no members; the schema refuses that`);
  return [first, ...others];
}

/** The database users of an identity: one, or that of each member. */
export function databaseUsers(identity: IdentityPlan): readonly string[] {
  return loginsOf(identity).map(({ databaseUser }) => databaseUser);
}

/** What identities of every section say of themselves. */
interface Declared extends DeclaredLimits {
  readonly endpoint: "writer" | "reader";
  readonly grants: Readonly<Record<string, Level>>;
  readonly proxy?: boolean | undefined;
}

/** Computes what identities have in common, but for the key. */
type Base = (key: string, declared: Declared, database?: string) => Omit<IdentityBase, "key">;

/** What of an environment, beside `access`, says how identities connect. */
type Surroundings = Pick<Environment, "name" | "access"> & {
  readonly cluster: Pick<Environment["cluster"], "identity">;
  readonly database: Pick<Environment["database"], "existing" | "proxy" | "readers">;
};

/** The identities of each section of `access` in the environment file. */
const SECTIONS: Readonly<Record<IdentitySection, (environment: Surroundings, base: Base) => IdentityPlan[]>> =
  {
    services: ({ access: { services }, cluster }, base) =>
      Object.entries(services).map(([key, service]) => {
        const place = placeOf(key, service);
        if (place === undefined) throw new Error(`${key} says not where it runs; a rule refuses that`);
        const { database, ...declared } = service;
        return {
          ...{ kind: place.kind, key, databaseUser: databaseUser(key), ...base(key, declared, database) },
          ...placePlan(key, place, cluster.identity),
        };
      }),
    people: ({ access: { people } }, base) =>
      Object.entries(people).map(
        ([key, { principals, members, requireMfa, requireSourceIdentity, until, reason, ...declared }]) => ({
          kind: "people",
          key,
          ...(members ? { members: memberPlans(key, members) } : { databaseUser: databaseUser(key) }),
          ...base(key, declared),
          principals: [...principals].sort(),
          ...(requireMfa && { requireMfa }),
          ...(requireSourceIdentity && { requireSourceIdentity }),
          ...(until !== undefined && { until: endOf(until) }),
          ...(reason !== undefined && { reason }),
        }),
      ),
  };

/** What services have by where they run. */
type PlacePlan<Kind extends AnyService = AnyService> = Kind extends AnyService
  ? Omit<Kind, Exclude<keyof IdentityBase, "iamRole"> | keyof SharedLogin | "iamRole"> &
      Partial<Pick<Kind, "iamRole">>
  : never;

function placePlan(
  key: string,
  place: ServicePlace,
  takesRoleBy: Environment["cluster"]["identity"],
): PlacePlan {
  switch (place.kind) {
    case "service":
      return {
        kind: place.kind,
        namespace: place.namespace,
        serviceAccount: place.account.name,
        ...(place.account.existing && { serviceAccountExists: true }),
        configMap: connectionConfigMap(key),
        ...(takesRoleBy !== "irsa" && { takesRoleBy }),
      };
    case "workload":
      return place;
    case "role":
      return { kind: place.kind, iamRole: place.role };
    case "principals":
      return { ...place, principals: [...place.principals].sort() };
    default:
      return unreachable(place);
  }
}

/** The identities of an environment, section by section. */
export function identityPlans(environment: Surroundings): IdentityPlan[] {
  const { name, access } = environment;
  const base =
    (section: string): Base =>
    (key, { endpoint, ...declared }, database) => {
      const grants = identityGrants(declared.grants);
      const owned = grants.find(({ level }) => LEVELS[level].ownsSchema);
      const group = (grant: IdentityGrant) => groupRole(grant.database, grant.schema, grant.level);
      return {
        grants,
        database: database ?? firstDatabase(key, grants),
        ...(endpoint === "reader" && { endpoint }),
        ...throughPlan({ ...declared, section, endpoint }, environment),
        memberOf: [IAM_LOGIN_ROLE, ...grants.map(group)],
        ...(owned && { sessionRole: group(owned) }),
        ...limitsOf(declared, access.defaults),
        iamRole: iamRoleName(name, key),
      };
    };
  return Object.entries(SECTIONS).flatMap(([section, plan]) => plan(environment, base(section)));
}

/** How an identity connects: to the database itself, or through the proxy, also where the proxy does not lead to the readers. */
function throughPlan(
  declared: MayUseProxy & Pick<Declared, "proxy">,
  { database }: Surroundings,
): Pick<IdentityBase, "through" | "readsDirectly"> {
  const { proxy } = database;
  if (declared.proxy === false || notThroughProxy(declared, proxy) !== undefined) return {};
  const { port = POSTGRESQL_PORT } = database.existing ?? {};
  // What connects to the writer is told of readers that listen on the same port, and a proxy has one port.
  const readsDirectly = hasReaderEndpoint(database) && !proxy?.readerEndpoint && port === POSTGRESQL_PORT;
  return { through: "proxy", ...(readsDirectly && { readsDirectly }) };
}

function memberPlans(key: string, names: readonly string[]): MemberPlan[] {
  return [...names].sort().map((name) => ({ name, databaseUser: memberUser(key, name) }));
}

/** Sorted by database and schema. */
function identityGrants(grants: Readonly<Record<string, Level>>): IdentityGrant[] {
  return Object.entries(grants)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([target, level]) => ({ ...schemaTarget(target), level }));
}

function firstDatabase(key: string, [first]: readonly IdentityGrant[]): string {
  if (!first) throw new Error(`${key} has no grant; the schema of the environment file refuses that`);
  return first.database;
}
