import { ALLOW, add, edit, ROLE, remove, resourceOf, set, type Tampering } from "./tampering";

const PEOPLE = ["aws_iam_role", "people-on-call_role"] as const;
const POLICY = ["aws_iam_role_policy", "service-orders-api_connect"] as const;
const ACCOUNT = ["kubernetes_service_account_v1", "namespace-shop_service-account-orders-api"] as const;
const CONFIG = ["kubernetes_config_map_v1", "namespace-shop_config-map-orders-api-database"] as const;
const NAMESPACE = ["kubernetes_namespace_v1", "namespace-shop_namespace"] as const;
const NETWORK = ["kubernetes_network_policy_v1", "namespace-shop_network-policy"] as const;

/** Ways to change what the access stack makes in IAM and Kubernetes. */
export const IN_IAM_AND_KUBERNETES: Readonly<Record<string, Tampering>> = {
  "a trust in another ServiceAccount": {
    says: "another assume_role_policy",
    change: edit(...ROLE, "assume_role_policy", "shop:orders-api", "shop:other"),
  },
  "a trust without an audience": {
    says: "another assume_role_policy",
    change: edit(...ROLE, "assume_role_policy", /"[^"]*:aud":"[^"]*",/, ""),
  },
  "a trust in any ServiceAccount": {
    says: "another assume_role_policy",
    change: edit(...ROLE, "assume_role_policy", "StringEquals", "StringLike"),
  },
  "a trust in one more principal": {
    says: "aws_iam_role dev-db-on-call",
    change: edit(...PEOPLE, "assume_role_policy", ":role/OnCall", ':role/OnCall","*'),
  },
  "a boundary": {
    says: "another permissions_boundary",
    change: set(...ROLE, { permissions_boundary: "arn:aws:iam::aws:policy/AdministratorAccess" }),
  },
  "a managed policy of a role": {
    says: "another managed_policy_arns",
    change: set(...ROLE, { managed_policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"] }),
  },
  "an inline policy of a role": {
    says: "another inline_policy",
    change: set(...ROLE, { inline_policy: [{ name: "x", policy: ALLOW("*") }] }),
  },
  "a policy for every database user": {
    says: "another policy than planned: aws_iam_role_policy dev-db-orders-api connect",
    change: edit(...POLICY, "policy", "/orders_api", "/*"),
  },
  "a policy for another database": {
    says: "another policy",
    change: edit(...POLICY, "policy", "${local.database-resource-id}", "*"),
  },
  "a policy for every action": {
    says: "another policy",
    change: edit(...POLICY, "policy", "rds-db:connect", "*"),
  },
  "a policy of another role": {
    says: "aws_iam_role_policy that the plan knows nothing of",
    change: set(...POLICY, { role: "dev-db-on-call" }),
  },
  "one more policy": {
    says: "aws_iam_role_policy that the plan knows nothing of",
    change: add("aws_iam_role_policy", { name: "more", role: "dev-db-on-call", policy: ALLOW("*") }),
  },
  "an attachment": {
    says: "aws_iam_role_policy_attachment that the plan",
    change: add("aws_iam_role_policy_attachment", { role: "dev-db-on-call", policy_arn: "x" }),
  },
  "an attachment of another form": {
    says: "aws_iam_policy_attachment that the plan",
    change: add("aws_iam_policy_attachment", {}),
  },
  "an IAM user": { says: "aws_iam_user that the plan", change: add("aws_iam_user", { name: "x" }) },
  "a ServiceAccount with another's IAM role": {
    says: "kubernetes_service_account_v1 with another metadata",
    change: (stack) => {
      resourceOf(stack, ...ACCOUNT).metadata.annotations["eks.amazonaws.com/role-arn"] =
        "arn:aws:iam::123456789012:role/dev-db-orders-migrations";
    },
  },
  "a ServiceAccount with a token for Kubernetes": {
    says: "another automount_service_account_token",
    change: set(...ACCOUNT, { automount_service_account_token: true }),
  },
  "a ServiceAccount in another namespace": {
    says: "kubernetes_service_account_v1 that the plan knows nothing of",
    change: (stack) => {
      resourceOf(stack, ...ACCOUNT).metadata.namespace = "default";
    },
  },
  "a ConfigMap for another database user": {
    says: "kubernetes_config_map_v1 with another data than planned: kubernetes_config_map_v1 shop orders-api-database",
    change: (stack) => {
      resourceOf(stack, ...CONFIG).data.PGUSER = "billing_worker";
    },
  },
  "a namespace without Pod Security": {
    says: "kubernetes_namespace_v1 with another metadata",
    change: (stack) => {
      resourceOf(stack, ...NAMESPACE).metadata.labels["pod-security.kubernetes.io/enforce"] = "privileged";
    },
  },
  "no NetworkPolicy": {
    says: "kubernetes_network_policy_v1 that the plan has and the stack has not",
    change: remove(...NETWORK),
  },
  "a NetworkPolicy for some pods": {
    says: "kubernetes_network_policy_v1 with another spec",
    change: (stack) => {
      resourceOf(stack, ...NETWORK).spec.pod_selector = { match_labels: { app: "x" } };
    },
  },
  "a NetworkPolicy that lets everything in": {
    says: "kubernetes_network_policy_v1 with another spec",
    change: (stack) => {
      resourceOf(stack, ...NETWORK).spec.ingress = [{}];
    },
  },
  "what must not leave the file, without a schema": {
    says: "terraform_data with another for_each",
    change: edit("terraform_data", "protected", "for_each", ', "schema shop.orders"', ""),
  },
};
