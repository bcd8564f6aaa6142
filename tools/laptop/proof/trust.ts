import { unreachable } from "../../../lib/unreachable";
import { iamRoleArn } from "../../../model/access/iam";
import type {
  IdentityPlan,
  PeopleIdentity,
  PrincipalsIdentity,
  ServiceIdentity,
} from "../../../model/access/identity";
import { type RoleTaking, takeRole } from "../take-role";
import { podIdentityCall } from "../token-service/pod-identity-agent";
import type { ServiceCall } from "../token-service/service-call";
import { servicesOf } from "../token-service/workloads";
import type { Actor } from "./actor";
import { type Check, ROLE } from "./check";

/** One way to ask for an identity's role, beside that in which the identity does. */
interface Way {
  readonly how: string;
  readonly expected: Check["expected"];
  ask(): Promise<unknown>;
}

/** Makes a way: what SDKs are told otherwise than by the identity, or what a service of AWS asks. */
interface Ways {
  taking(expected: Check["expected"], how: string, taking: RoleTaking): Way;
  denied(how: string, call: Omit<ServiceCall, "roleArn">): Way;
}

/** An identity's role is taken in the ways that its kind has, and in none that look like them. */
export async function proveTrust(actor: Actor): Promise<Check[]> {
  const { path, identity, login, attempt } = actor;
  const { member } = login;
  const ways: Ways = {
    taking: (expected, how, taking) => ({
      how,
      expected,
      ask: () => takeRole(path, identity, identity, { member, ...taking }),
    }),
    denied: (how, call) => ({
      how,
      expected: "denied",
      ask: async () => path.callBy({ ...call, roleArn: iamRoleArn(path.plan, identity) }),
    }),
  };
  const all = [...byRuntimes(actor, ways), ...byPods(actor, ways), ...byOthers(identity, ways)];
  const checks: Check[] = [];
  for (const { how, expected, ask } of all) {
    checks.push(await attempt(ROLE, `its own role, ${how}`, expected, ask));
  }
  return checks;
}

/** What runs on Lambda, ECS or EC2 takes no role but of those made for it, and on ECS of none of another account's tasks. */
function byRuntimes({ path: { plan }, identity }: Actor, { denied }: Ways): Way[] {
  const { lambda, ecs, ec2 } = servicesOf(plan);
  const own = identity.kind === "workload" ? identity.runsOn : undefined;
  return [
    ...(own === "lambda" ? [] : [denied("by Lambda", lambda)]),
    ...(own === "ec2" ? [] : [denied("by EC2", ec2)]),
    ...(own === "ecs"
      ? [
          denied("by a task of another account", servicesOf({ ...plan, account: ANOTHER_ACCOUNT }).ecs),
          denied("by a task of another region", servicesOf({ ...plan, region: "nowhere-1" }).ecs),
          denied("by a task that does not say whose it is", { ...ecs, context: {} }),
        ]
      : [denied("by a task of ECS", ecs)]),
  ];
}

const ANOTHER_ACCOUNT = "000000000000";

/** Pods take roles by what their service is meant to, and whoever may make associations binds no other pods to one. */
function byPods({ path, identity }: Actor, { taking, denied }: Ways): Way[] {
  const bound = (how: string, different: Partial<ReturnType<typeof podOf>> = {}) => {
    const { roleArn: _, ...call } = podIdentityCall({ ...podOf(path, identity), ...different });
    return denied(`by an association ${how}`, call);
  };
  if (identity.kind !== "service") return [bound("to a ServiceAccount")];
  const { takesRoleBy, namespace, serviceAccount } = identity;
  if (takesRoleBy === undefined) {
    return [
      taking("denied", "by Pod Identity", { podBy: "pod-identity" }),
      bound("to its own ServiceAccount"),
    ];
  }
  const { clusterArn } = path;
  const others = path.plan.identities.filter(
    (other): other is ServiceIdentity => other.kind === "service" && other.key !== identity.key,
  );
  const { tags: _, ...untagged } = podIdentityCall(podOf(path, identity));
  return [
    taking(takesRoleBy === "both" ? "allowed" : "denied", "by the token of its ServiceAccount", {
      podBy: "irsa",
    }),
    bound("in another EKS cluster", { clusterArn: `${clusterArn}-2` }),
    bound("in an EKS cluster of the same name in another account", {
      clusterArn: clusterArn.replace(/:\d{12}:/, `:${ANOTHER_ACCOUNT}:`),
    }),
    bound("to another namespace", { namespace: `${namespace}-2` }),
    bound("to another ServiceAccount", { serviceAccount: `${serviceAccount}-2` }),
    ...others.map((other) =>
      bound(`to the ServiceAccount of ${other.key}`, {
        namespace: other.namespace,
        serviceAccount: other.serviceAccount,
      }),
    ),
    denied("by an association without session tags", untagged),
  ];
}

function podOf({ plan, clusterArn }: Actor["path"], identity: IdentityPlan) {
  const pod = identity.kind === "service" ? identity : { namespace: "default", serviceAccount: "default" };
  const { namespace, serviceAccount } = pod;
  return { clusterArn, namespace, serviceAccount, roleArn: iamRoleArn(plan, identity) };
}

/** Who is listed takes the role, by the external id where there is one, and whose name reads almost the same does not. */
function byOthers(identity: IdentityPlan, { taking }: Ways): Way[] {
  const strangers = ({ principals }: PeopleIdentity | PrincipalsIdentity) =>
    principals
      .slice(0, 1)
      .flatMap((arn) => [arn.replace(/:\d{12}:/, `:${ANOTHER_ACCOUNT}:`), `${arn}-2`])
      .map((principal) => taking("denied", `as ${principal}`, { principal }));
  switch (identity.kind) {
    case "people":
      return strangers(identity);
    case "principals": {
      const { principals, externalId } = identity;
      return [
        ...principals.slice(1).map((principal) => taking("allowed", `as ${principal}`, { principal })),
        ...strangers(identity),
        ...(externalId === undefined
          ? []
          : [
              taking("denied", "without the external id", { externalId: null }),
              taking("denied", "with another external id", { externalId: another(externalId) }),
            ]),
      ];
    }
    case "service":
    case "workload":
    case "role":
      return [];
    default:
      return unreachable(identity);
  }
}

function another(externalId: string): string {
  return `${externalId.startsWith("x") ? "y" : "x"}${externalId.slice(1)}`;
}
