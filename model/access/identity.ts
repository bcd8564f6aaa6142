import { byToken, type RolesTakenBy } from "../aws/pod-identity";
import type { Runtime } from "../config/access/place";
import { RUNTIMES } from "../config/access/services";
import type { Level } from "../postgresql/levels";
import type { IdentityLimits } from "./limits";

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
  /**
   * It is the job that verifies: it may connect to every database, sees no more there than the catalogs, and puts its metrics.
   * @default false
   */
  readonly verifies?: true;
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
