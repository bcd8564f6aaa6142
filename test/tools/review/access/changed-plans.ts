import fc from "fast-check";
import { generatedPlans } from "../../../postgres/generated-plans";
import { altered, type Json } from "./plans";

/** What PostgreSQL lets grant, by kind of object. */
const PRIVILEGES: Readonly<Record<string, readonly string[]>> = {
  database: ["CONNECT", "CREATE", "TEMPORARY"],
  schema: ["CREATE", "USAGE"],
  table: ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"],
  sequence: ["SELECT", "UPDATE", "USAGE"],
  function: ["EXECUTE"],
};

/** A change of who may do what, by numbers that pick what it is about. */
const changes = fc.record({
  what: fc.constantFrom(
    "grant more",
    "grant less",
    "new grant",
    "join",
    "leave",
    "remove identity",
    "add identity",
    "run elsewhere",
    "connect otherwise",
  ),
  at: fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 }),
});
/** One of {@link changes}. */
type Change = typeof changes extends fc.Arbitrary<infer Value> ? Value : never;

/** Changes by which nobody gains anything. */
const LESS: readonly Change["what"][] = ["grant less", "leave", "remove identity"];

/** Fields of a service on EKS that not every one has, and that none has elsewhere. */
const ON_EKS_ONLY = ["serviceAccountExists", "takesRoleBy"];

/** Places in which a service may run, as a plan has them. */
const PLACES: readonly Json[] = [
  { kind: "service", namespace: "n", serviceAccount: "moved", configMap: "moved" },
  { kind: "workload", runsOn: "lambda" },
  { kind: "workload", runsOn: "ecs" },
  { kind: "workload", runsOn: "ec2" },
  { kind: "role" },
  { kind: "principals", principals: ["arn:aws:iam::123456789012:role/Moved"] },
  { kind: "principals", principals: ["arn:aws:iam::123456789012:role/Moved"], externalId: "moved-1" },
];

/** Lets a service of a plan run in one of {@link PLACES}. */
function runElsewhere(identity: Json, index: number): void {
  for (const field of [...ON_EKS_ONLY, ...PLACES.flatMap(Object.keys)]) delete identity[field];
  Object.assign(identity, PLACES[index % PLACES.length]);
}

/** Ways to the database, as a plan has them. */
const PATHS: readonly Json[] = [{}, { through: "proxy" }, { through: "proxy", readsDirectly: true }];

/** Lets an identity connect in one of {@link PATHS}, and pods take the IAM role in some way, which is no matter of rights. */
function connectOtherwise(identity: Json, index: number, byPodIdentity: boolean): void {
  for (const field of ["through", "readsDirectly", "takesRoleBy"]) delete identity[field];
  Object.assign(identity, PATHS[index % PATHS.length]);
  const takesRoleBy = [undefined, "both", "pod-identity"][index % 7];
  if (identity.kind === "service" && byPodIdentity && takesRoleBy) Object.assign(identity, { takesRoleBy });
}

/** A plan, and the same with one service that runs elsewhere than before. */
export function movedPlans() {
  return fc.tuple(generatedPlans(), fc.nat(1000), fc.nat(1000)).map(([before, which, where]) => {
    const at = which % before.identities.length;
    const after = altered(before, ({ identities }) => runElsewhere(identities[at], where));
    return { before, after, key: before.identities[at]?.key ?? "" };
  });
}

/** Carries a change out on a plan that is to be altered; one for which there is no place does nothing. */
function carryOut(plan: Json, { what, at: [one = 0, two = 0, three = 0, four = 0] }: Change): void {
  const pick = (from: Json[], index: number): Json => from[index % from.length];
  const database = pick(plan.databases, one);
  const groups = (of: Json) =>
    of.schemas.flatMap((schema: Json) => schema.groups.map((group: Json) => group.role));
  const roles: string[] = plan.databases.flatMap(groups);
  const identity = plan.identities.length > 0 && pick(plan.identities, two);
  switch (what) {
    case "grant more":
    case "grant less": {
      // PUBLIC is another story.
      const grant = pick(
        database.grants.filter((each: Json) => each.role !== "public"),
        two,
      );
      const privilege = pick([...(PRIVILEGES[grant.objectType] ?? [])], three);
      const others = grant.privileges.filter((each: string) => each !== privilege);
      if (what === "grant more") grant.privileges = [...others, privilege].sort();
      else if (others.length > 0) grant.privileges = others;
      break;
    }
    case "new grant": {
      const schema = pick(database.schemas, two);
      const grant = {
        role: pick(groups(database), three),
        objectType: "table",
        schema: schema.name,
        privileges: [pick([...(PRIVILEGES.table ?? [])], four)],
        createdBy: pick(roles, one),
      };
      const same = (each: Json) =>
        each.role === grant.role &&
        each.createdBy === grant.createdBy &&
        each.schema === grant.schema &&
        each.objectType === "table";
      if (!database.grants.some(same)) database.grants.push(grant);
      break;
    }
    case "join": {
      const role = pick(roles, three);
      if (identity && !identity.memberOf.includes(role)) identity.memberOf.push(role);
      break;
    }
    case "leave":
      // Who owns keeps its session role, which is another story.
      if (identity && !identity.sessionRole && identity.memberOf.length > 2) identity.memberOf.pop();
      break;
    case "remove identity":
      if (plan.identities.length > 1) plan.identities.splice(two % plan.identities.length, 1);
      break;
    case "add identity": {
      const key = `new-${three}`;
      if (!identity || plan.identities.some((each: Json) => each.key === key)) break;
      plan.identities.push({
        ...JSON.parse(JSON.stringify(identity)),
        key,
        databaseUser: key,
        ...(identity.serviceAccount && { serviceAccount: key }),
        iamRole: key,
      });
      break;
    }
    case "run elsewhere":
      if (identity) runElsewhere(identity, three);
      break;
    case "connect otherwise":
      if (identity) connectOtherwise(identity, three, plan.eksCluster !== undefined);
  }
}

/**
 * A plan and two that became of it, one by other changes than the other.
 * @param less only by changes by which nobody gains anything. @default false
 */
export function changedPlans({ less = false } = {}) {
  const which = less ? changes.filter(({ what }) => LESS.includes(what)) : changes;
  const several = fc.array(which, { minLength: 1, maxLength: 4 });
  return fc.tuple(generatedPlans(), several, several).map(([before, ...both]) => {
    const [after, other] = both.map((all) =>
      altered(before, (plan) => {
        for (const change of all) carryOut(plan, change);
      }),
    );
    return { before, after: after ?? before, other: other ?? before };
  });
}
