import { add, LOGIN, ROLE, set, type Tampering } from "./tampering";

/** Ways to change the access stack beside the resources that its plan speaks of. */
export const IN_TERRAFORM: Readonly<Record<string, Tampering>> = {
  "rights in Kubernetes": {
    says: "kubernetes_cluster_role_binding_v1 that the plan",
    change: add("kubernetes_cluster_role_binding_v1", {}),
  },
  "a type of which nobody knows": { says: "null_resource that the plan", change: add("null_resource", {}) },
  "a provisioner": {
    says: "another provisioner",
    change: set(...LOGIN, { provisioner: [{ "local-exec": { command: "psql" } }] }),
  },
  "a count": { says: "another count", change: set(...LOGIN, { count: 0 }) },
  "another provider": { says: "another provider", change: set(...ROLE, { provider: "aws.other" }) },
  "changes that Terraform passes over": {
    says: "another lifecycle",
    change: set(...LOGIN, { lifecycle: { ignore_changes: "all" } }),
  },
  "a resource in a list": {
    says: "that the plan knows nothing of",
    change: (stack) => {
      for (const name of Object.keys(stack.resource.aws_iam_role))
        stack.resource.aws_iam_role[name] = [stack.resource.aws_iam_role[name]];
    },
  },
  "a type in a list": {
    says: "aws_iam_role that the plan knows nothing of: aws_iam_role",
    change: (stack) => {
      stack.resource.aws_iam_role = [stack.resource.aws_iam_role];
    },
  },
  "all resources in a list": {
    says: "that the plan knows nothing of: resource",
    change: (stack) => {
      stack.resource = [stack.resource];
    },
  },
  "a module": {
    says: "module.extra that an access stack has no use for",
    change: add("extra", { source: "./x" }, "module").bind(undefined),
  },
  "a program that gives data": {
    says: "data.external that an access stack",
    change: add("external", { program: ["sh"] }, "data"),
  },
  "another ephemeral resource": {
    says: "ephemeral.random_password that",
    change: add("random_password", {}, "ephemeral"),
  },
  "another provider's configuration": { says: "provider.vault that", change: add("vault", {}, "provider") },
  "an output of an IAM role for other stacks": {
    says: "output.extra that an access stack has no use for",
    change: (stack) => {
      stack.output.extra = { value: "${aws_iam_role.people-on-call_role_13FAB4FF.name}" };
    },
  },
  "outputs in a list": {
    says: "output that an access stack has no use for",
    change: (stack) => {
      stack.output = [stack.output];
    },
  },
  "a login that is forgotten and stays": {
    says: "removed that an access stack has no use for",
    change: (stack) => {
      stack.removed = [
        { from: "postgresql_role.service-gone_login_00000000", lifecycle: { destroy: false } },
      ];
    },
  },
  "a login that is taken over": {
    says: "import that an access stack has no use for",
    change: (stack) => {
      stack.import = [{ to: "postgresql_role.x", id: "rdsadmin" }];
    },
  },
  "a guard that forgets": {
    says: "moved that an access stack has no use for",
    change: (stack) => {
      stack.moved = [
        {
          from: 'terraform_data.protected["schema shop.orders"]',
          to: 'terraform_data.protected["schema shop.billing"]',
        },
      ];
    },
  },
  "a database id of one's own": {
    says: "local.database-resource-id that is not what dev-database has",
    change: (stack) => {
      stack.locals["database-resource-id"] = "*";
    },
  },
  "another OIDC issuer": {
    says: "local.oidc-issuer that is not what dev-eks has",
    change: (stack) => {
      stack.locals["oidc-issuer"] = "evil.example";
    },
  },
  "another OIDC provider": {
    says: "local.oidc-provider-arn that is not what dev-eks has",
    change: (stack) => {
      stack.locals["oidc-provider-arn"] = stack.locals["database-resource-id"];
    },
  },
  "another host": {
    says: "local.writer-endpoint that is not what dev-database has",
    change: (stack) => {
      stack.locals["writer-endpoint"] = "evil.example";
    },
  },
  "another environment's state": {
    says: "local.database-resource-id that is not what dev-database has",
    change: (stack) => {
      stack.data.terraform_remote_state["cross-stack-reference-input-dev-database"].config.path =
        "../../../terraform.prod-database.tfstate";
    },
  },
  "a state of which nothing is said": {
    says: "local.database-resource-id that is not what dev-database has",
    change: (stack) => {
      stack.data.terraform_remote_state["cross-stack-reference-input-dev-database"].config = {};
    },
  },
  "another workspace's state": {
    says: "local.database-resource-id that is not what dev-database has",
    change: (stack) => {
      stack.data.terraform_remote_state["cross-stack-reference-input-dev-database"].workspace = "prod";
    },
  },
};
