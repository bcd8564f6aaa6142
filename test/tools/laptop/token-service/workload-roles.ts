import { type PolicyStatement, policyDocument } from "../../../../model/aws/policy-document";
import type { LocalRole } from "../../../../tools/laptop/token-service/local-iam";
import { ACCOUNT, CLUSTER_ARN, PARTITION, REGION, type TestAws, userArn } from "./support";

export const arnOf = (name: string) => `arn:${PARTITION}:iam::${ACCOUNT}:role/${name}`;

/** A role that may connect as the user of its name, under this trust. */
export function roleOf(name: string, ...trust: readonly Omit<PolicyStatement, "Effect">[]): LocalRole {
  return {
    name,
    arn: arnOf(name),
    trust: policyDocument(...trust.map((each) => ({ ...each, Effect: "Allow" as const }))),
    permissions: [policyDocument({ Effect: "Allow", Action: "rds-db:connect", Resource: userArn(name) })],
  };
}

const assumedBy = (Service: string, Condition?: PolicyStatement["Condition"]) => ({
  Principal: { Service },
  Action: "sts:AssumeRole",
  ...(Condition && { Condition }),
});

/** Roles of workloads, as AWS documents their trust. */
export const WORKLOAD_ROLES: readonly LocalRole[] = [
  roleOf("function", assumedBy("lambda.amazonaws.com")),
  roleOf(
    "task",
    assumedBy("ecs-tasks.amazonaws.com", {
      StringEquals: { "aws:SourceAccount": ACCOUNT },
      ArnLike: { "aws:SourceArn": `arn:${PARTITION}:ecs:${REGION}:${ACCOUNT}:*` },
    }),
  ),
  { ...roleOf("instance", assumedBy("ec2.amazonaws.com")), inInstanceProfile: true },
  { ...roleOf("other", assumedBy("lambda.amazonaws.com")), inInstanceProfile: true },
  roleOf("pod", podTrust()),
];

/** The trust of EKS Pod Identity for one ServiceAccount. */
export function podTrust(different: Readonly<Record<string, string>> = {}): Omit<PolicyStatement, "Effect"> {
  const tags = {
    "eks-cluster-arn": CLUSTER_ARN,
    "kubernetes-namespace": "shop",
    "kubernetes-service-account": "pod",
    ...different,
  };
  return {
    Principal: { Service: "pods.eks.amazonaws.com" },
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Condition: {
      StringEquals: Object.fromEntries(
        Object.entries(tags).map(([tag, value]) => [`aws:RequestTag/${tag}`, value]),
      ),
    },
  };
}

/** Whether an access key may connect as the user of a role's name. */
export function connects(aws: TestAws, accessKeyId: string, name: string): boolean {
  return aws.iam.allows(accessKeyId, "rds-db:connect", userArn(name));
}
