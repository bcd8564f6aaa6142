import { describe, expect, test } from "@jest/globals";
import { iamRoleArn, proxyPolicy, resourceIdsOf, trustPolicy } from "../../../../model/access/iam";
import { accessPlan } from "../../../../model/access/plan";
import { rolePolicies } from "../../../../model/access/role-policies";
import { proxyRoleName } from "../../../../model/aws/names";
import { WITH_SESSION_NAME } from "../../../../model/aws/people-policies";
import { policyDocument } from "../../../../model/aws/policy-document";
import { permits as evaluated } from "../../../../tools/laptop/token-service/policy-evaluation";
import { synthesisedAssociations } from "../../../../tools/laptop/token-service/synthesised-associations";
import { synthesisedRoles } from "../../../../tools/laptop/token-service/synthesised-roles";
import { stackOf, synthApp } from "../../../helpers/app";
import { testEnvironments } from "../../../helpers/environment";

const PROVIDER = {
  arn: "arn:aws:iam::123456789012:oidc-provider/localhost:1/id/A",
  issuer: "localhost:1/id/A",
};
const PROXY_TRUST = policyDocument({
  Effect: "Allow",
  Principal: { Service: "rds.amazonaws.com" },
  Action: "sts:AssumeRole",
});
const IDS = { database: "cluster-X", proxy: "prx-X" };
const PLACE = {
  account: "123456789012",
  partition: "aws",
  locals: {
    "database-resource-id": IDS.database,
    "proxy-resource-id": IDS.proxy,
    "oidc-provider-arn": PROVIDER.arn,
    "oidc-issuer": PROVIDER.issuer,
  },
};

for (const environment of testEnvironments()) {
  const plan = accessPlan(environment);
  const stack = stackOf(synthApp(environment), `${environment.name}-access`);
  const proxy = proxyPolicy(plan, IDS.database);
  // The role is in the database stack.
  const proxyRole = {
    name: proxyRoleName(plan.environment),
    assume_role_policy: JSON.stringify(PROXY_TRUST),
  };
  const place = { ...PLACE, elsewhere: proxy ? [proxyRole] : [] };

  test(`the roles of ${environment.name} are those of its plan, with the values of this machine`, () => {
    const expected = plan.identities.map((identity) => ({
      name: identity.iamRole,
      arn: iamRoleArn(plan, identity),
      // Who may take a role that something else makes is not decided here.
      ...(identity.kind !== "role" && { trust: trustPolicy(plan, identity, PROVIDER) }),
      ...(identity.kind === "workload" && identity.runsOn === "ec2" && { inInstanceProfile: true }),
      permissions: rolePolicies(plan, identity, resourceIdsOf(identity, IDS))
        .sort((left, right) => (left.part < right.part ? -1 : 1))
        .map((policy) => policy.document),
    }));
    const others = proxy
      ? [
          {
            name: proxyRole.name,
            arn: `arn:${plan.partition}:iam::${plan.account}:role/${proxyRole.name}`,
            trust: PROXY_TRUST,
            permissions: [proxy],
          },
        ]
      : [];
    const byName = (left: { name: string }, right: { name: string }) => (left.name < right.name ? -1 : 1);
    const roles = synthesisedRoles(stack, { ...place, account: plan.account, partition: plan.partition });
    expect(roles.sort(byName)).toEqual([...expected, ...others].sort(byName));
    expect(JSON.stringify(roles).replaceAll(WITH_SESSION_NAME, "")).not.toContain("${");
  });

  test(`the pods of ${environment.name} have the associations of its plan, and none where they take roles by their token`, () => {
    const { account, partition } = plan;
    const expected = plan.identities.flatMap((identity) =>
      identity.kind === "service" && identity.takesRoleBy !== undefined
        ? [
            {
              cluster: plan.eksCluster,
              namespace: identity.namespace,
              serviceAccount: identity.serviceAccount,
              roleArn: iamRoleArn(plan, identity),
            },
          ]
        : [],
    );
    expect(synthesisedAssociations(stack, { ...PLACE, account, partition })).toEqual(expected);
    expect(expected.length > 0).toBe(environment.cluster.identity !== "irsa");
  });

  test(`a value that is not given is an error (${environment.name})`, () => {
    const { "database-resource-id": _, ...locals } = PLACE.locals;
    expect(() => synthesisedRoles(stack, { ...place, locals })).toThrow(
      "the reference ${local.database-resource-id} in",
    );
  });
}

describe("what cannot be decided here is an error", () => {
  const ALLOW = {
    Effect: "Allow",
    Action: "rds-db:connect",
    Resource: "arn:aws:rds-db:eu-west-1:1:dbuser:x/y",
  };
  const TRUST = {
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Principal: { AWS: "arn:aws:iam::123456789012:role/OnCall" },
  };
  const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
  const read = (
    different: { trust?: string; policy?: string; role?: object; owner?: string; others?: object } = {},
  ) =>
    synthesisedRoles(
      {
        resource: {
          aws_iam_role: {
            it: { name: "it", assume_role_policy: different.trust ?? document(TRUST), ...different.role },
          },
          aws_iam_role_policy: {
            it: {
              name: "connect",
              role: different.owner ?? "${aws_iam_role.it.name}",
              policy: different.policy ?? document(ALLOW),
            },
          },
          ...different.others,
        },
      },
      PLACE,
    );

  test("a role that something else makes has no trust policy here, and all that is attached to it", () => {
    const policy = (name: string, Resource: string) => ({
      name,
      role: `\${data.aws_iam_role.${name}.name}`,
      policy: document({ ...ALLOW, Resource }),
    });
    const roles = synthesisedRoles(
      {
        data: { aws_iam_role: { one: { name: "Ledger" }, two: { name: "Ledger" } } },
        resource: { aws_iam_role_policy: { one: policy("one", "arn:x"), two: policy("two", "arn:y") } },
      },
      PLACE,
    );
    expect(roles).toEqual([
      {
        name: "Ledger",
        arn: "arn:aws:iam::123456789012:role/Ledger",
        permissions: [{ Statement: [{ Resource: "arn:x" }] }, { Statement: [{ Resource: "arn:y" }] }].map(
          ({ Statement: [statement] }) => ({
            Version: "2012-10-17",
            Statement: [{ ...ALLOW, ...statement }],
          }),
        ),
      },
    ]);
    const reads = (block: object) =>
      synthesisedRoles({ data: { aws_iam_role: { one: block } }, resource: {} }, PLACE);
    expect(() => reads({ name: "Ledger", path: "/x/" })).toThrow('Unrecognized key: "path"');
    expect(() => reads({ name: "${var.role}" })).toThrow("must be a role's name");
  });

  test("but plain allows are read", () => {
    expect(read()).toMatchObject([
      { arn: "arn:aws:iam::123456789012:role/it", permissions: [{ Statement: [ALLOW] }] },
    ]);
  });

  test("in a policy", () => {
    for (const statement of [
      { ...ALLOW, Effect: "Deny" },
      { ...ALLOW, Action: "rds-db:*" },
      { ...ALLOW, Action: "sts:AssumeRole" },
      { ...ALLOW, Action: ["rds-db:connect", "iam:PassRole"] },
      { ...ALLOW, Action: [] },
      { ...ALLOW, Action: undefined, NotAction: "rds-db:connect" },
      { ...ALLOW, Resource: "*" },
      { ...ALLOW, Resource: "arn:aws:rds-db:eu-west-1:1:dbuser:x/?" },
      { ...ALLOW, Resource: undefined, NotResource: "x" },
      { ...ALLOW, Condition: { StringEquals: { "aws:PrincipalTag/x": "y" } } },
      { ...ALLOW, Principal: { AWS: "*" } },
    ]) {
      expect(() => read({ policy: document(ALLOW, statement) })).toThrow(
        "holds what tools/laptop/token-service cannot decide",
      );
    }
  });

  test("what is about other services is read, and decides nothing here", () => {
    const elsewhere = {
      Effect: "Deny",
      Action: ["ec2:CreateNetworkInterface", "ssm:GetParametersByPath"],
      Resource: "*",
      Condition: {
        ArnLike: { "lambda:SourceFunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:*" },
      },
    };
    const [role] = read({ policy: document(ALLOW, elsewhere) });
    const permits = (action: string, resource: string) =>
      role && evaluated(role.permissions, { action, resource, context: {} });
    expect(permits("rds-db:connect", ALLOW.Resource)).toBe(true);
    expect(permits("rds-db:connect", "*")).toBe(false);
    const [allowed] = read({ policy: document({ ...elsewhere, Effect: "Allow", Condition: undefined }) });
    for (const action of [...elsewhere.Action, "rds-db:connect"]) {
      expect(evaluated(allowed?.permissions ?? [], { action, resource: "*", context: {} })).toBe(false);
    }
    for (const different of [
      { Action: "ec2:*" },
      { Action: "ec2:Create?" },
      { Action: ["ec2:CreateNetworkInterface", "rds-db:connect"] },
      { Action: "sts:AssumeRole" },
      { Action: "iam:PassRole" },
      { Action: "*" },
      { Action: [] },
      { NotAction: "ec2:CreateNetworkInterface" },
      { NotResource: "x" },
      { Principal: "*" },
    ]) {
      expect(() => read({ policy: document(ALLOW, { ...elsewhere, ...different }) })).toThrow(
        "holds what tools/laptop/token-service cannot decide",
      );
    }
  });

  test("in a trust policy", () => {
    for (const statement of [
      { ...TRUST, Effect: "Deny" },
      { ...TRUST, Action: "sts:*" },
      { ...TRUST, Principal: "*" },
      { ...TRUST, Principal: { AWS: "*" } },
      { ...TRUST, Principal: { AWS: "arn:aws:iam::123456789012:root" } },
      { ...TRUST, Principal: { AWS: "123456789012" } },
      ...[
        "*",
        "arn:aws:ecs:*:123456789012:*",
        "arn:aws:ecs:eu-west-1:*:*",
        "arn:aws:ecs:eu-west-1:123456789012:t*",
      ].map((arn) => ({ ...TRUST, Condition: { ArnLike: { "aws:SourceArn": arn } } })),
      { ...TRUST, Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:ecs:eu-west-1:123456789012:*" } } },
      { ...TRUST, Principal: { Service: "*" } },
      { ...TRUST, Principal: { Service: "*.amazonaws.com" } },
      { ...TRUST, Principal: { Service: "lambda.amazonaws.com.evil.example" } },
      { ...TRUST, Principal: { Service: "lambda.amazonaws.com", AWS: TRUST.Principal.AWS } },
      { ...TRUST, Principal: undefined, NotPrincipal: TRUST.Principal },
      { ...TRUST, Condition: { StringLike: { "x:sub": "system:serviceaccount:*" } } },
      { ...TRUST, Condition: { StringEquals: { "x:sub": "a" }, StringNotEquals: { "x:sub": "b" } } },
      { ...TRUST, Condition: { "ForAnyValue:StringEquals": { "x:aud": "a" } } },
      { ...TRUST, Condition: { StringEquals: { "x:sub": "system:serviceaccount:*" } } },
      // As an own key, which an object literal would not make it.
      { ...TRUST, Condition: { StringEquals: JSON.parse('{"__proto__": "a"}') } },
    ]) {
      expect(() => read({ trust: document(statement) })).toThrow(
        "holds what tools/laptop/token-service cannot decide",
      );
    }
  });

  test("but what Terraform leaves to IAM is read, as IAM does", () => {
    const Condition = (pattern: string) => ({ StringLike: { "aws:userid": pattern } });
    expect(
      read({ trust: document({ ...TRUST, Condition: Condition("*:$${sts:RoleSessionName}") }) }),
    ).toMatchObject([
      { trust: { Statement: [{ Condition: { StringLike: { "aws:userid": "*:${sts:RoleSessionName}" } } }] } },
    ]);
    for (const pattern of [
      "*:${sts:RoleSessionName}",
      "*:$${aws:username}",
      "*:$$${sts:RoleSessionName}",
      "$${sts:RoleSessionName}",
    ]) {
      expect(() => read({ trust: document({ ...TRUST, Condition: Condition(pattern) }) })).toThrow(
        "Not understood",
      );
    }
  });

  test("in a condition that comes twice, of which one would be lost", () => {
    const policy = document({ ...ALLOW, Condition: { StringLike: { "aws:userid": "*:ann" } } });
    expect(read({ policy })).toHaveLength(1);
    const twice = policy.replace('"StringLike":', '"StringLike":{"aws:userid":"*:bob"},"StringLike":');
    expect(() => read({ policy: twice })).toThrow("policy connect of role it, as it is written");
  });

  test("around them", () => {
    expect(() => read({ policy: "{" })).toThrow("which is not JSON");
    expect(() => read({ policy: document({ ...ALLOW, Resource: "$${local.x}" }) })).toThrow("a template in");
    expect(() => read({ policy: document({ ...ALLOW, Resource: "%{if true}x%{endif}" }) })).toThrow(
      "a template in",
    );
    expect(() => read({ policy: document({ ...ALLOW, Resource: "${aws_kms_key.x.arn}" }) })).toThrow(
      "the reference ${aws_kms_key.x.arn}",
    );
    expect(() => read({ owner: "elsewhere" })).toThrow(
      "policy connect of role elsewhere, which is elsewhere",
    );
    expect(() => read({ role: { managed_policy_arns: ["x"] } })).toThrow(
      'Unrecognized key: "managed_policy_arns"',
    );
    expect(() => read({ role: { inline_policy: [] } })).toThrow("inline_policy");
    expect(() => read({ others: { aws_iam_role_policy_attachment: {} } })).toThrow(
      "aws_iam_role_policy_attachment",
    );
    const profile = (block: object) => ({ aws_iam_instance_profile: { it: { name: "it", ...block } } });
    expect(() => read({ others: profile({}) })).toThrow("Not understood");
    expect(() => read({ others: profile({ role: "${aws_iam_role.gone.name}" }) })).toThrow("the reference");
    expect(() => read({ others: profile({ role: "it", lifecycle: {} }) })).toThrow("lifecycle");
    expect(read({ others: profile({ role: "${aws_iam_role.it.name}" }) })).toMatchObject([
      { inInstanceProfile: true },
    ]);
    expect(read()).not.toMatchObject([{ inInstanceProfile: true }]);
    expect(() => synthesisedRoles({}, PLACE)).toThrow("Not understood");
    expect(() => synthesisedRoles(null, PLACE)).toThrow("Not understood");
  });

  test("a value that looks like JSON stays a value", () => {
    const locals = { ...PLACE.locals, evil: 'x","Effect":"Allow","Action":"*' };
    const policy = document({ ...ALLOW, Resource: "${local.evil}" });
    const stack = {
      resource: {
        aws_iam_role: { it: { name: "it", assume_role_policy: document(TRUST) } },
        aws_iam_role_policy: { it: { name: "connect", role: "it", policy } },
      },
    };
    expect(() => synthesisedRoles(stack, { ...PLACE, locals })).toThrow("must be exact");
  });
});
