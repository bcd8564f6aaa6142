import { ALLOW, add, type Tampering } from "./tampering";

/** Ways to change stacks beside the access stack. */
export const ELSEWHERE: Readonly<Record<string, Tampering>> = {
  "another value behind the database's id": {
    stack: "dev-database",
    says: "local.database-resource-id that is not what dev-database has",
    change: (stack) => {
      for (const [name, output] of Object.entries<{ value: string }>(stack.output))
        if (name.endsWith("cluster_resource_id")) output.value = "*";
    },
  },
  "another issuer": {
    stack: "dev-eks",
    says: "local.oidc-issuer that is not what dev-eks has",
    change: (stack) => {
      for (const name of Object.keys(stack.locals)) stack.locals[name] = "evil.example";
    },
  },
  "a grant": {
    stack: "dev-network",
    says: "postgresql_grant, which gives rights that the plan does not speak of, in dev-network: dev-network postgresql_grant.extra",
    change: add("postgresql_grant", {}),
  },
  "rights in Kubernetes": {
    stack: "dev-demo",
    says: "kubernetes_role_binding_v1, which gives rights",
    change: add("kubernetes_role_binding_v1", {}),
  },
  "an IAM role by Pod Identity": {
    stack: "dev-eks",
    says: "aws_eks_pod_identity_association",
    change: add("aws_eks_pod_identity_association", {}),
  },
  "a program": {
    stack: "dev-network",
    says: "data.external.extra",
    change: add("external", { program: ["sh"] }, "data"),
  },
  "a provisioner": {
    stack: "dev-network",
    says: "that runs a program",
    change: add("aws_eip", { provisioner: {} }),
  },
  "a module": {
    stack: "dev-network",
    says: "a module, which nobody here looks into, in dev-network",
    change: add("x", { source: "./x" }, "module"),
  },
  "rds-db:connect": {
    stack: "dev-eks",
    says: "speaks of rds-db",
    change: add("aws_iam_role_policy", { policy: ALLOW("RDS-DB:connect") }),
  },
  "rds-db:connect among others": {
    stack: "dev-eks",
    says: "whose actions include rds-db:connect",
    change: add("aws_iam_role_policy", { policy: ALLOW(["s3:Get*", "RDS-d?:*"]) }),
  },
  "every action but": {
    stack: "dev-eks",
    says: "whose actions include rds-db:connect",
    change: add("aws_iam_policy", {
      policy: JSON.stringify({ Statement: { Effect: "Allow", NotAction: "s3:*", Resource: "*" } }),
    }),
  },
  "a policy that is put together elsewhere": {
    stack: "dev-eks",
    says: "or cannot be read",
    change: add("aws_iam_user_policy", { policy: "${local.x}" }),
  },
  "a policy of an identity's IAM role": {
    stack: "dev-eks",
    says: "names an IAM role or group role of the plan",
    change: add("aws_iam_role_policy_attachment", { role: "dev-db-orders-api", policy_arn: "x" }),
  },
  "a trust in an identity": {
    stack: "dev-eks",
    says: "names an IAM role",
    change: add("aws_iam_role", {
      assume_role_policy: '{"AWS":"arn:aws:iam::123456789012:role/dev-db-on-call"}',
    }),
  },
  "an identity's IAM role by the output for people": {
    stack: "dev-eks",
    says: "names an IAM role or group role of the plan",
    change: add("aws_iam_role_policy_attachment", {
      role: '${data.terraform_remote_state.x.outputs.role-arns["orders-api"]}',
      policy_arn: "x",
    }),
  },
  "a pod's script that names a group role": {
    stack: "dev-demo",
    says: "names an IAM role or group role",
    change: add("kubernetes_job_v1", { spec: { command: ["GRANT shop_orders_owner TO x"] } }),
  },
  "a ServiceAccount with an IAM role": {
    stack: "dev-demo",
    says: "says which IAM role pods get",
    change: add("kubernetes_service_account_v1", {
      metadata: { annotations: { "eks.amazonaws.com/role-arn": "x" } },
    }),
  },
  "resources in a list": {
    stack: "dev-network",
    says: "in a form that this project does not write",
    change: (stack) => {
      stack.resource = [stack.resource];
    },
  },
};
