import { afterEach, expect, test } from "@jest/globals";
import { accessPlan } from "../../../model/access/plan";
import type { Environment } from "../../../model/config/environment";
import { type PasswordlessPath, startPath } from "../../../tools/laptop/passwordless-path";
import { actorsOf } from "../../../tools/laptop/proof/actor";
import { failed } from "../../../tools/laptop/proof/check";
import { prove } from "../../../tools/laptop/proof/prove";
import { proveRoles } from "../../../tools/laptop/proof/roles";
import { layersOf } from "../../helpers/app";
import { MINIMAL, parse } from "../../helpers/environment";

/** Who is not on EKS, each with a grant of its own. */
const OUTSIDE = `
    invoices: { runsOn: lambda, grants: { shop.billing: read-only } }
    report: { runsOn: ecs, grants: { shop.billing: read-only } }
    old-shop: { runsOn: ec2, grants: { shop.billing: read-only } }
    ledger: { role: Ledger, grants: { shop.billing: read-only } }
    deployments:
      principals: ["arn:aws:iam::210987654321:role/Deploy", "arn:aws:iam::123456789012:role/OnCall"]
      externalId: acme-7f3c
      grants: { shop.billing: read-only }
  accounts: { ci: "210987654321" }
  people:
    ops:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      grants: { shop.billing: read-only }
`;

/** As roles of pods are taken. */
const environment = (identity: string) =>
  parse(
    `${MINIMAL}    api-2: { namespace: shop, grants: { shop.orders: read-only } }${OUTSIDE}cluster: { identity: ${identity} }\n`,
  );

let path: PasswordlessPath | undefined;
afterEach(async () => {
  await path?.stop();
  path = undefined;
});

/** What the proof finds of IAM roles after somebody has changed something in the access stack. */
async function found(
  of: Environment,
  change: (stack: string) => string = (stack) => stack,
): Promise<string[]> {
  path = await startPath(accessPlan(of), layersOf(of, { access: change }), () => undefined);
  const proven = await Promise.all(actorsOf(path).map(proveRoles));
  const checks = proven.flatMap((each) => each.checks);
  expect(checks.filter(({ expected }) => expected === "denied").length).toBeGreaterThan(80);
  return checks
    .filter(failed)
    .map(({ identity, what, expected, outcome }) => `${identity}, ${what}: ${expected}, ${outcome}`)
    .sort();
}

/** A change of texts in policies, which are JSON in JSON; each must be there. */
const policies =
  (...changes: readonly (readonly [string, string])[]) =>
  (stack: string) =>
    changes.reduce((text, [from, to]) => {
      const [old = "", now = ""] = [from, to].map((each) => JSON.stringify(each).slice(1, -1));
      if (!text.includes(old)) throw new Error(`the stack has no ${old}`);
      return text.replaceAll(old, () => now);
    }, stack);

test.each(["irsa", "both", "pod-identity"])(
  "everybody takes their role as they are meant to and in no other way, with pods by %s",
  async (identity) => {
    expect(await found(environment(identity))).toEqual([]);
  },
  60_000,
);

test("who share a role that is there already are each other, and nobody else is either", async () => {
  const shared = parse(`${MINIMAL}    ledger: { role: Ledger, grants: { shop.billing: read-only } }
    books: { role: Ledger, grants: { shop.orders: read-only } }
`);
  path = await startPath(accessPlan(shared), layersOf(shared), () => undefined);
  const checks = await prove(path);
  expect(checks.filter(failed)).toEqual([]);
  const rolesOf = (key: string) =>
    checks
      .filter(({ identity, what }) => identity === key && what.startsWith("the role of"))
      .map(({ what, outcome }) => `${what}: ${outcome}`);
  expect(rolesOf("books")).toEqual(["the role of ledger: allowed", "the role of orders-api: denied"]);
  expect(rolesOf("orders-api")).toEqual(["the role of books: denied", "the role of ledger: denied"]);
}, 60_000);

const POD = (service: string, tag: string, value: string) =>
  [`"aws:RequestTag/${tag}":"${value}"`, `"aws:RequestTag/${tag}":${service}`] as const;
const ALL = '["shop","shop-2"]';

test.each<[string, string, (stack: string) => string, readonly string[]]>([
  [
    "another service of AWS that may take a role",
    "irsa",
    policies(['{"Service":"ec2.amazonaws.com"}', '{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]}']),
    ["old-shop, its own role, by Lambda: denied, allowed"],
  ],
  [
    "each service of AWS that may take a role of another",
    "irsa",
    policies([
      '{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"',
      '{"Service":["ec2.amazonaws.com","ecs-tasks.amazonaws.com","lambda.amazonaws.com","pods.eks.amazonaws.com"]},"Action":["sts:AssumeRole","sts:TagSession"]',
    ]),
    [
      "invoices, its own role, by EC2: denied, allowed",
      "invoices, its own role, by a task of ECS: denied, allowed",
      "invoices, its own role, by an association to a ServiceAccount: denied, allowed",
    ],
  ],
  [
    "a service of AWS that may take the role of listed principals",
    "irsa",
    policies([
      '"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"acme-7f3c"}}}',
      '"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"acme-7f3c"}}},{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}',
    ]),
    ["deployments, its own role, by a task of ECS: denied, allowed"],
  ],
  [
    "that another account's tasks may have the role",
    "irsa",
    policies(
      [
        '"Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"},"ArnLike":',
        '"Condition":{"ArnLike":',
      ],
      [
        '"ArnLike":{"aws:SourceArn":"arn:aws:ecs:eu-west-1:123456789012:*"}',
        '"ArnLike":{"aws:SourceArn":["arn:aws:ecs:eu-west-1:123456789012:*","arn:aws:ecs:eu-west-1:000000000000:*"]}',
      ],
    ),
    ["report, its own role, by a task of another account: denied, allowed"],
  ],
  [
    "that tasks of another region may have the role",
    "irsa",
    policies([',"ArnLike":{"aws:SourceArn":"arn:aws:ecs:eu-west-1:123456789012:*"}', ""]),
    ["report, its own role, by a task of another region: denied, allowed"],
  ],
  [
    "that tasks need not say whose they are",
    "irsa",
    policies([
      ',"Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"},"ArnLike":{"aws:SourceArn":"arn:aws:ecs:eu-west-1:123456789012:*"}}',
      "",
    ]),
    [
      "report, its own role, by a task of another account: denied, allowed",
      "report, its own role, by a task of another region: denied, allowed",
      "report, its own role, by a task that does not say whose it is: denied, allowed",
    ],
  ],
  [
    "that no external id is asked for",
    "irsa",
    policies([',"Condition":{"StringEquals":{"sts:ExternalId":"acme-7f3c"}}', ""]),
    [
      "deployments, its own role, with another external id: denied, allowed",
      "deployments, its own role, without the external id: denied, allowed",
      // They are among its principals.
      "ops, the role of deployments: denied, allowed",
    ],
  ],
  [
    "that a principal of another account is trusted",
    "irsa",
    policies([
      '"AWS":["arn:aws:iam::123456789012:role/OnCall","arn:aws:iam::2',
      '"AWS":["arn:aws:iam::000000000000:role/OnCall","arn:aws:iam::123456789012:role/OnCall","arn:aws:iam::2',
    ]),
    ["deployments, its own role, as arn:aws:iam::000000000000:role/OnCall: denied, allowed"],
  ],
  [
    "that a listed principal is not trusted",
    "irsa",
    policies([',"arn:aws:iam::210987654321:role/Deploy"]', "]"]),
    ["deployments, its own role, as arn:aws:iam::210987654321:role/Deploy: allowed, denied"],
  ],
  [
    "that pods of another EKS cluster may be bound to a role",
    "pod-identity",
    policies(['"aws:RequestTag/eks-cluster-arn":"arn:aws:eks:eu-west-1:123456789012:cluster/test",', ""]),
    ["api-2", "orders-api"].flatMap((key) => [
      `${key}, its own role, by an association in an EKS cluster of the same name in another account: denied, allowed`,
      `${key}, its own role, by an association in another EKS cluster: denied, allowed`,
    ]),
  ],
  [
    "that pods of another namespace may be",
    "both",
    policies(POD(ALL, "kubernetes-namespace", "shop")),
    ["api-2", "orders-api"].map(
      (key) => `${key}, its own role, by an association to another namespace: denied, allowed`,
    ),
  ],
  [
    "that another ServiceAccount may be",
    "pod-identity",
    policies(POD('["api-2","orders-api"]', "kubernetes-service-account", "api-2")),
    ["api-2, its own role, by an association to the ServiceAccount of orders-api: denied, allowed"],
  ],
  [
    "that any ServiceAccount may be",
    "pod-identity",
    policies([',"aws:RequestTag/kubernetes-service-account":"api-2"', ""]),
    [
      "api-2, its own role, by an association to another ServiceAccount: denied, allowed",
      "api-2, its own role, by an association to the ServiceAccount of orders-api: denied, allowed",
    ],
  ],
  [
    "that pods may be without saying whose they are",
    "pod-identity",
    policies([
      ',"Condition":{"StringEquals":{"aws:RequestTag/eks-cluster-arn":"arn:aws:eks:eu-west-1:123456789012:cluster/test","aws:RequestTag/kubernetes-namespace":"shop","aws:RequestTag/kubernetes-service-account":"api-2"}}',
      "",
    ]),
    [
      "api-2, its own role, by an association in an EKS cluster of the same name in another account: denied, allowed",
      "api-2, its own role, by an association in another EKS cluster: denied, allowed",
      "api-2, its own role, by an association to another ServiceAccount: denied, allowed",
      "api-2, its own role, by an association to another namespace: denied, allowed",
      "api-2, its own role, by an association to the ServiceAccount of orders-api: denied, allowed",
      "api-2, its own role, by an association without session tags: denied, allowed",
    ],
  ],
  [
    "an association to another ServiceAccount than the service's",
    "pod-identity",
    (stack) => stack.replace('"service_account":"api-2"', '"service_account":"api-3"'),
    ["api-2, its own role: allowed, denied"],
  ],
  [
    "a role that pods may take by their token as well",
    "irsa",
    policies([
      '"${local.oidc-issuer}:sub":"system:serviceaccount:shop:api-2"}}}',
      '"${local.oidc-issuer}:sub":"system:serviceaccount:shop:api-2"}}},{"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}',
    ]),
    ["api-2, its own role, by an association to its own ServiceAccount: denied, allowed"],
  ],
])(
  "the proof finds %s",
  async (_, identity, change, expected) => {
    expect(await found(environment(identity), change)).toEqual(expected);
  },
  60_000,
);
