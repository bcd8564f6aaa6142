import { unreachable } from "../../lib/unreachable";
import { iamRoleName } from "../aws/names";
import { placeOf, type ServicePlace } from "../config/access/place";
import { connectionConfigMap } from "../config/access/service-account";
import { type MayUseProxy, notThroughProxy } from "../config/access/through-proxy";
import { endOf } from "../config/access/until";
import { hasReaderEndpoint } from "../config/database/reader-endpoint";
import type { Environment, IdentitySection } from "../config/environment";
import { connectGroups, jobIdentity } from "../config/verify/job-identity";
import { LEVELS, type Level } from "../postgresql/levels";
import {
  databaseUser,
  groupRole,
  IAM_LOGIN_ROLE,
  memberUser,
  POSTGRESQL_PORT,
  schemaTarget,
} from "../postgresql/names";
import type {
  AnyService,
  IdentityBase,
  IdentityGrant,
  IdentityPlan,
  MemberPlan,
  SharedLogin,
} from "./identity";
import { type DeclaredLimits, limitsOf } from "./limits";

/** What identities of every section say of themselves. */
interface Declared extends DeclaredLimits {
  readonly endpoint: "writer" | "reader";
  readonly grants: Readonly<Record<string, Level>>;
  readonly proxy?: boolean | undefined;
}

/** Computes what identities have in common, but for the key. */
type Base = (key: string, declared: Declared, database?: string) => Omit<IdentityBase, "key">;

/** What of an environment, beside `access`, says how identities connect. */
type Surroundings = Pick<Environment, "name" | "access" | "verify"> & {
  readonly cluster: Pick<Environment["cluster"], "identity">;
  readonly database: Pick<Environment["database"], "existing" | "proxy" | "readers">;
};

/** The identities of each section of `access` in the environment file. */
const SECTIONS: Readonly<Record<IdentitySection, (environment: Surroundings, base: Base) => IdentityPlan[]>> =
  {
    services: (environment, base) =>
      Object.entries(environment.access.services).map(([key, service]) => {
        const place = placeOf(key, service);
        if (place === undefined) throw new Error(`${key} says not where it runs; a rule refuses that`);
        const { database, ...declared } = service;
        return {
          ...{ kind: place.kind, key, databaseUser: databaseUser(key), ...base(key, declared, database) },
          ...placePlan(key, place, environment.cluster.identity),
          ...(key === jobIdentity(environment) && { verifies: true }),
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
  const job = jobIdentity(environment);
  const ofJob = connectGroups(environment)
    .map(({ role }) => role)
    .sort();
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
        memberOf: [IAM_LOGIN_ROLE, ...grants.map(group), ...(key === job ? ofJob : [])],
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
