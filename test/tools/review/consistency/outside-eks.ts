import { ALLOW, add, edit, remove, set, type Tampering } from "./tampering";

const role = (key: string) => ["aws_iam_role", `service-${key}_role`] as const;
const policy = (key: string, part = "connect") => ["aws_iam_role_policy", `service-${key}_${part}`] as const;
const parameter = (key: string, name: string) =>
  ["aws_ssm_parameter", `service-${key}_parameter-${name}_`] as const;
const ASSOCIATION = ["aws_eks_pod_identity_association", "namespace-shop_association-orders-api"] as const;
const PROFILE = ["aws_iam_instance_profile", "service-old-shop_instance-profile"] as const;
const OTHER = "arn:aws:iam::123456789012:role/everywhere-db-orders-migrations";

/** Ways to change what the access stack makes for what takes its role otherwise than by IRSA. */
export const OUTSIDE_EKS: Readonly<Record<string, Omit<Tampering, "stack">>> = {
  "a function's role that instances take": {
    says: "another assume_role_policy than planned: aws_iam_role everywhere-db-invoices",
    change: edit(...role("invoices"), "assume_role_policy", "lambda.amazonaws.com", "ec2.amazonaws.com"),
  },
  "a task's role that other accounts' tasks may take": {
    says: "another assume_role_policy than planned: aws_iam_role everywhere-db-nightly-report",
    change: edit(...role("nightly-report"), "assume_role_policy", /,"Condition":.*\}\}\}/, "}"),
  },
  "listed principals who say no external id": {
    says: "another assume_role_policy than planned: aws_iam_role everywhere-db-deployments",
    change: edit(...role("deployments"), "assume_role_policy", /,"Condition":.*\}\}\}/, "}"),
  },
  "another external id": {
    says: "another assume_role_policy than planned: aws_iam_role everywhere-db-deployments",
    change: edit(...role("deployments"), "assume_role_policy", "acme-7f3c", "acme"),
  },
  "one more principal": {
    says: "another assume_role_policy than planned: aws_iam_role everywhere-db-deployments",
    change: edit(...role("deployments"), "assume_role_policy", ':role/Deploy"', ':role/Deploy","*"'),
  },
  "a role that pods of any namespace take by Pod Identity": {
    says: "another assume_role_policy than planned: aws_iam_role everywhere-db-orders-api",
    change: edit(
      ...role("orders-api"),
      "assume_role_policy",
      '"aws:RequestTag/kubernetes-namespace":"shop",',
      "",
    ),
  },
  "a role that pods of any EKS cluster take": {
    says: "another assume_role_policy than planned: aws_iam_role everywhere-db-orders-api",
    change: edit(...role("orders-api"), "assume_role_policy", ":cluster/everywhere", ":cluster/*"),
  },
  "an association with another role": {
    says: "aws_eks_pod_identity_association with another role_arn than planned",
    change: set(...ASSOCIATION, { role_arn: OTHER }),
  },
  "an association that goes on to another role": {
    says: "aws_eks_pod_identity_association with another target_role_arn than planned",
    change: set(...ASSOCIATION, { target_role_arn: OTHER }),
  },
  "an association of another ServiceAccount": {
    says: "aws_eks_pod_identity_association that the plan knows nothing of",
    change: set(...ASSOCIATION, { service_account: "default" }),
  },
  "one association more": {
    says: "aws_eks_pod_identity_association that the plan knows nothing of",
    change: add("aws_eks_pod_identity_association", {
      cluster_name: "everywhere",
      namespace: "kube-system",
      service_account: "x",
      role_arn: OTHER,
    }),
  },
  "an existing role that may do anything": {
    says: "another policy than planned: aws_iam_role_policy LegacyLedger",
    change: edit(...policy("ledger"), "policy", "rds-db:connect", "*"),
  },
  "an existing role as another database user": {
    says: "another policy than planned: aws_iam_role_policy LegacyLedger",
    change: edit(...policy("ledger"), "policy", "/ledger", "/orders_migrations"),
  },
  "another existing role": {
    says: "aws_iam_role_policy that the plan knows nothing of",
    change: set(...policy("ledger"), { role: "Admin" }),
  },
  "one more policy of an existing role": {
    says: "aws_iam_role_policy that the plan knows nothing of",
    change: add("aws_iam_role_policy", { name: "more", role: "LegacyLedger", policy: ALLOW("*") }),
  },
  "a policy attached to an existing role": {
    says: "aws_iam_role_policy_attachment that the plan knows nothing of",
    change: add("aws_iam_role_policy_attachment", { role: "LegacyLedger", policy_arn: "x" }),
  },
  "an existing role that is made here": {
    says: "aws_iam_role that the plan knows nothing of",
    change: add("aws_iam_role", { name: "LegacyLedger", assume_role_policy: ALLOW("sts:AssumeRole") }),
  },
  "a role that reads everybody's connection": {
    says: "another policy than planned: aws_iam_role_policy everywhere-db-invoices read-connection",
    change: edit(...policy("invoices", "read-connection"), "policy", /database\/invoices/g, "*"),
  },
  "a function whose code may make network interfaces": {
    says: "another policy than planned: aws_iam_role_policy everywhere-db-invoices network-interfaces",
    change: edit(...policy("invoices", "network-interfaces"), "policy", '"Deny"', '"Allow"'),
  },
  "an instance profile with another role": {
    says: "aws_iam_instance_profile with another role than planned",
    change: set(...PROFILE, { role: "everywhere-db-orders-migrations" }),
  },
  "one instance profile more": {
    says: "aws_iam_instance_profile that the plan knows nothing of",
    change: add("aws_iam_instance_profile", { name: "x", role: "everywhere-db-orders-migrations" }),
  },
  "another host to connect to": {
    says: "aws_ssm_parameter with another insecure_value than planned: aws_ssm_parameter /everywhere/database/invoices/PGHOST",
    change: set(...parameter("invoices", "pghost"), { insecure_value: "evil.example" }),
  },
  "a connection that is not verified": {
    says: "another insecure_value than planned: aws_ssm_parameter /everywhere/database/old-shop/PGSSLMODE",
    change: set(...parameter("old-shop", "pgsslmode"), { insecure_value: "require" }),
  },
  "another database user to be": {
    says: "another insecure_value than planned: aws_ssm_parameter /everywhere/database/ledger/PGUSER",
    change: set(...parameter("ledger", "pguser"), { insecure_value: "orders_migrations" }),
  },
  "one variable more": {
    says: "aws_ssm_parameter that the plan knows nothing of",
    change: add("aws_ssm_parameter", {
      name: "/everywhere/database/invoices/PGOPTIONS",
      type: "String",
      insecure_value: "-c role=x",
    }),
  },
  "one variable less": {
    says: "aws_ssm_parameter that the plan has and the stack has not: aws_ssm_parameter /everywhere/database/invoices/PGHOST",
    change: remove(...parameter("invoices", "pghost")),
  },
  "other certificates than pods have": {
    says: "aws_ssm_parameter with another insecure_value than planned: aws_ssm_parameter /everywhere/database/rds-ca.pem",
    change: set("aws_ssm_parameter", "certificates", { insecure_value: "x" }),
  },
  "a data source that looks up another role": {
    says: "data.aws_iam_policy_document that an access stack has no use for",
    change: add("aws_iam_policy_document", {}, "data"),
  },
};
