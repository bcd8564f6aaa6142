import type { GrantPlan } from "../../../model/access/grants";
import { connectPolicy, iamRoleArn, resourceIdsOf, trustPolicy } from "../../../model/access/iam";
import { type IdentityPlan, isKnownKind, loginsOf } from "../../../model/access/identity";
import { takersOf } from "../../../model/access/kinds-in-words";
import { settingsInWords } from "../../../model/access/limits";
import type { AccessPlan, SchemaPlan } from "../../../model/access/plan";
import { connectsBy } from "../access/ways-in";
import type { Fact, Groups, Step } from "./page-data";

/** Stand for what AWS chooses when it makes the database and the cluster. */
const RESOURCE_IDS = { database: "<database resource id>", proxy: "<resource id of the RDS Proxy>" };
const PROVIDER = { arn: "<OIDC provider of the EKS cluster>", issuer: "<issuer>" };

/** The path from whoever may ask to the database user, from the plan alone. */
export function pathSteps(plan: AccessPlan, identity: IdentityPlan): Step[] {
  const { database, connectionLimit, sessionRole, memberOf } = identity;
  return [
    whoAsks(plan, identity),
    {
      title: "IAM role",
      facts: [
        ["ARN", iamRoleArn(plan, identity)],
        ...(isKnownKind(identity) ? statements(trustPolicy(plan, identity, PROVIDER)) : []),
        ["permissions boundary", identity.kind === "role" ? "its own" : (plan.permissionsBoundary ?? "none")],
      ],
    },
    {
      title: "IAM policy",
      facts: statements(connectPolicy(plan, identity, ...resourceIdsOf(identity, RESOURCE_IDS))),
    },
    {
      title: "Database user",
      facts: [
        ...loginsOf(identity).map(({ databaseUser, member }) => [member ?? "name", databaseUser] as const),
        ["logs in", "with an IAM token; it has no password"],
        ["starts in", `database ${database}`],
        ...(identity.through === "proxy" ? [["connects", connectsBy(identity)] as const] : []),
        ["at once", `${connectionLimit} connections at most${"members" in identity ? " each" : ""}`],
        ...settingsInWords(identity),
        ...(sessionRole === undefined ? [] : [["runs as", sessionRole] as const]),
        ["member of", memberOf.join(", ")],
      ],
    },
  ];
}

function whoAsks({ namespaces }: AccessPlan, identity: IdentityPlan): Step {
  switch (identity.kind) {
    case "service": {
      const namespace = namespaces.find(({ name }) => name === identity.namespace);
      return {
        title: "ServiceAccount",
        facts: [
          ["name", identity.serviceAccount],
          ["namespace", identity.namespace],
          ...(identity.serviceAccountExists ? [["made", "elsewhere"] as const] : []),
          ...(namespace?.existing ? [["Pod Security, NetworkPolicy", "not kept here"] as const] : []),
          ...(namespace && !namespace.existing
            ? [
                ["Pod Security", namespace.podSecurity] as const,
                ["NetworkPolicy", namespace.networkPolicy] as const,
              ]
            : []),
          ["ConfigMap", identity.configMap],
        ],
      };
    }
    case "workload":
      return { title: "Workload", facts: [["may ask", takersOf(identity)]] };
    case "role":
      return {
        title: "IAM role that exists already",
        facts: [["may ask", "whoever its own trust policy lets, which is not decided here"]],
      };
    case "principals":
    case "people":
      return {
        title: "Principals",
        facts: identity.principals.map((principal) => ["may ask", principal] as const),
      };
    default:
      identity satisfies never;
      return { title: "Whoever its kind lets", facts: [["kind", "one that this version does not know"]] };
  }
}

/** What a policy document says, whatever it says: a condition that is new here is shown like any other. */
function statements({ Statement }: ReturnType<typeof connectPolicy>): Fact[] {
  return Statement.flatMap(({ Effect, Action, Principal, Resource, Condition = {} }): Fact[] => [
    [Effect === "Allow" ? "allows" : "denies", list(Action)],
    ...(Resource === undefined ? [] : [["on", list(Resource)] as const]),
    ...(Principal === "*" ? [["to", "anybody"] as const] : []),
    ...Object.entries(Principal === "*" ? {} : (Principal ?? {})).map(
      ([type, who]) => ["to", `${type} ${list(who)}`] as const,
    ),
    ...Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, value]) => ["if", `${key} ${operator} ${list(value)}`] as const),
    ),
  ]);
}

function list(value: string | readonly string[]): string {
  return typeof value === "string" ? value : value.join(", ");
}

/**
 * The group roles of a schema, each with what it may do with what is there and what is to come. What it may do elsewhere, if
 * ever it may, says where.
 */
export function groupsOf(schema: SchemaPlan, grants: readonly GrantPlan[]): Groups {
  const elsewhere = (grant: GrantPlan) =>
    grant.schema === undefined || grant.schema === schema.name ? "" : ` of the schema ${grant.schema}`;
  return Object.fromEntries(
    schema.groups.map(({ level, role }) => {
      const own = grants.filter((grant) => grant.role === role);
      const owns: readonly Fact[] =
        role === schema.owner ? [["owns", "the schema, and whatever is created in it by its members"]] : [];
      const fact = (what: string, grant: GrantPlan): Fact => [
        `${what}${elsewhere(grant)}`,
        grant.privileges.join(", "),
      ];
      const now = own
        .filter(({ createdBy }) => createdBy === undefined)
        .map((grant) => fact(place(grant), grant));
      const toCome = own
        .filter(({ createdBy }) => createdBy !== undefined)
        .map((grant) => fact(`${grant.objectType}s created by ${grant.createdBy}`, grant));
      return [level, { role, now: [...owns, ...now], toCome: [...owns, ...toCome] }];
    }),
  );
}

function place({ objectType }: GrantPlan): string {
  return objectType === "database" || objectType === "schema" ? `on the ${objectType}` : `on ${objectType}s`;
}
