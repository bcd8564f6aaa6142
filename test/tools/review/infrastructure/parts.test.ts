import { describe, expect, test } from "@jest/globals";
import { compareStacks } from "../../../../tools/review/infrastructure/compare-stacks";
import { changed, changedBack, type Json, kinds, lines, resource, stacks } from "./stacks";

/** A change of a part of a stack that is no resource, and what is said. */
const CASES: readonly (readonly [
  what: string,
  stack: string,
  change: (stack: Json) => void,
  said: string[],
])[] = [
  [
    "another place of the state",
    "dev-eks",
    (stack) => {
      stack.terraform.backend.local.path = "other.tfstate";
    },
    [
      "state-moved dev-eks terraform.backend: local.path ../../../terraform.dev-eks.tfstate → other.tfstate: Terraform may find an empty state there, and make everything a second time",
    ],
  ],
  [
    "another kind of backend",
    "dev-eks",
    (stack) => {
      stack.terraform.backend = { s3: { bucket: "b", key: "k", encrypt: true, use_lockfile: true } };
    },
    [
      "state-moved dev-eks terraform.backend: local.path ../../../terraform.dev-eks.tfstate → (none), s3.bucket (none) → b, s3.key (none) → k: Terraform may find an empty state there, and make everything a second time",
      "encryption-strengthened dev-eks terraform.backend: s3.encrypt (none) → true",
      "protection-on dev-eks terraform.backend: s3.use_lockfile (none) → true",
    ],
  ],
  [
    "a state that is not encrypted, or not locked",
    "prod-eks",
    (stack) => {
      stack.terraform.backend.s3.encrypt = false;
      stack.terraform.backend.s3.use_lockfile = false;
    },
    [
      "encryption-weakened prod-eks terraform.backend: s3.encrypt true → false: the state is kept as it is",
      "protection-off prod-eks terraform.backend: s3.use_lockfile true → false: two applies at a time may spoil the state",
    ],
  ],
  [
    "another provider's code",
    "dev-eks",
    (stack) => {
      stack.terraform.required_providers.aws.source = "other/aws";
    },
    [
      "code-changed dev-eks terraform.required_providers: aws.source hashicorp/aws → other/aws: Terraform runs another provider's code, with its credentials",
    ],
  ],
  [
    "other versions",
    "dev-eks",
    (stack) => {
      stack.terraform.required_providers.aws.version = "6.0.0";
      stack.terraform.required_version = ">= 1.12.0";
    },
    [
      "resource-changed dev-eks terraform.required_providers: aws.version >= 5.100.0, < 7.0.0 → 6.0.0: other versions of a provider are taken",
      "resource-changed dev-eks terraform.required_version: (none) → >= 1.12.0: other versions of Terraform are taken",
    ],
  ],
  [
    "another account and other tags",
    "dev-eks",
    (stack) => {
      stack.provider.aws[0].allowed_account_ids = ["210987654321"];
      stack.provider.aws[0].default_tags[0].tags.team = "other";
    },
    [
      "state-moved dev-eks provider.aws: allowed_account_ids gains 210987654321 and loses 123456789012: Terraform works on something else, or as somebody else",
      "resource-changed dev-eks provider.aws: default_tags.tags.team platform → other: every resource of the stack has other tags",
    ],
  ],
  [
    "how the admin's connection is verified",
    "dev-access",
    (stack) => {
      stack.provider.postgresql[0].sslmode = "require";
      stack.provider.postgresql[0].sslrootcert = "other.pem";
      stack.provider.postgresql[0].host = "other";
      stack.provider.postgresql[0].connect_timeout = 16;
    },
    [
      "resource-changed dev-access provider.postgresql: connect_timeout 15 → 16: it waits for another time",
      "state-moved dev-access provider.postgresql: host ${local.writer-endpoint} → other: Terraform works on something else, or as somebody else",
      "encryption-weakened dev-access provider.postgresql: sslmode verify-full → require, sslrootcert rds-ca.pem → other.pem: Terraform's own connection is verified otherwise, or not",
    ],
  ],
  [
    "a Kubernetes API that is not verified",
    "dev-access",
    (stack) => {
      stack.provider.kubernetes[0].insecure = true;
    },
    [
      "encryption-weakened dev-access provider.kubernetes: insecure (none) → true: Terraform's own connection is verified otherwise, or not",
    ],
  ],
  [
    "another provider",
    "dev-access",
    (stack) => {
      stack.provider.http = [{ a: 1 }];
    },
    [
      'unexplained dev-access provider.http: (none) → {"a":1}: a part of a stack that this review does not know',
    ],
  ],
  [
    "another secret to log in with",
    "dev-access",
    (stack) => {
      stack.ephemeral.aws_secretsmanager_secret_version.admin.secret_id = "other";
    },
    [
      "state-moved dev-access ephemeral.aws_secretsmanager_secret_version.admin: secret_id ${local.admin-secret-arn} → other: Terraform logs in with another secret",
    ],
  ],
  [
    "another meaning of a local name",
    "dev-access",
    (stack) => {
      stack.locals["oidc-provider-arn"] = "arn:other";
    },
    [
      expect.stringMatching(
        /^reference-changed dev-access locals\.oidc-provider-arn: .* → arn:other: whatever refers/,
      ) as unknown as string,
    ],
  ],
  [
    "a new name, which does nothing",
    "dev-access",
    (stack) => {
      stack.locals.other = "a";
      stack.output.other = { value: "a", sensitive: true };
    },
    [
      "wiring-changed dev-access locals.other: (none) → a",
      "wiring-changed dev-access output.other: sensitive (none) → true, value (none) → a",
    ],
  ],
  [
    "what people read of a stack",
    "dev-access",
    (stack) => {
      stack.output["role-arns"].value.other = "a";
      delete stack.output["role-arns"].description;
    },
    [
      "wiring-changed dev-access output.role-arns: description IAM role of each service and group of p… → (none), value.other (none) → a",
    ],
  ],
  [
    "another state to read from",
    "dev-eks",
    (stack) => {
      stack.data.terraform_remote_state["cross-stack-reference-input-dev-network"].config.path = "other";
    },
    [
      "state-moved dev-eks data.terraform_remote_state.cross-stack-reference-input-dev-network: config.path ../../../terraform.dev-network.tfstate → other: it reads what another state holds",
      "resource-replaced dev-eks nodes/group-general/group (aws_eks_node_group): is destroyed and made anew (subnet_ids refers to dev-eks data.terraform_remote_state.cross-stack-reference-input-dev-network, which is another)",
      "resource-replaced dev-eks eks/api/group (aws_security_group): is destroyed and made anew (vpc_id refers to dev-eks data.terraform_remote_state.cross-stack-reference-input-dev-network, which is another)",
    ],
  ],
  [
    "a data source that nobody here knows",
    "dev-eks",
    (stack) => {
      stack.data.external = { run: { program: ["id"] } };
    },
    [
      'unexplained dev-eks data.external.run: program (none) → ["id"]: a part of a stack that this review does not know',
    ],
  ],
  [
    "another image of the bastion",
    "dev-database",
    (stack) => {
      stack.data.aws_ssm_parameter[Object.keys(stack.data.aws_ssm_parameter)[0] ?? ""].name = "/other";
    },
    [
      expect.stringMatching(
        /^reference-changed dev-database data\.aws_ssm_parameter\.bastion_image_\w+: name .* → \/other: whatever/,
      ) as unknown as string,
    ],
  ],
  [
    "a part that nobody here knows",
    "dev-eks",
    (stack) => {
      stack.module = { a: { source: "./a" } };
    },
    ["unexplained dev-eks module.a: source (none) → ./a: a part of a stack that this review does not know"],
  ],
];

test.each(CASES)("%s", (_, stack, change, said) => {
  const found = lines(changed(stack, change).findings);
  expect(found.slice(0, said.length)).toEqual(said);
  expect(found.length).toBeGreaterThanOrEqual(said.length);
});

test("a policy document that is made by Terraform asks", () => {
  const data = (action: string) => (stack: Json) => {
    stack.data.aws_iam_policy_document = { a: { statement: [{ actions: [action] }] } };
  };
  const before = stacks("dev-eks");
  const after = stacks("dev-eks");
  data("a")(before.get("dev-eks"));
  data("b")(after.get("dev-eks"));
  expect(kinds(compareStacks(before, after))).toEqual(["policy-widened"]);
});

test("a check before an apply that is gone is a protection less", () => {
  const check = (stack: Json) => {
    stack.data.aws_vpc = { a: { id: "vpc-1", lifecycle: { postcondition: [{ condition: "c" }] } } };
  };
  expect(kinds(changed("dev-eks", check))).toEqual(["wiring-changed", "protection-on"]);
  expect(kinds(changedBack("dev-eks", check))).toEqual(["wiring-changed", "protection-off"]);
});

describe("what resources refer to by a name", () => {
  test("is part of what an approval is for, be it new and in another stack", () => {
    const content = (block: string) => {
      const { findings } = changed("dev-eks", (stack, all) => {
        stack.resource.aws_vpc_security_group_ingress_rule.extra = { cidr_ipv4: "${local.first}" };
        stack.locals = {
          first: "${local.second}",
          second: "${data.terraform_remote_state.cross-stack-reference-input-dev-network.outputs.extra}",
        };
        all.get("dev-network").output.extra = { value: block };
      });
      return findings.find(({ kind }) => kind === "reach-widened");
    };
    expect(content("10.0.0.0/8")).toEqual(content("10.0.0.0/8"));
    expect(content("10.0.0.0/8")).not.toEqual(content("0.0.0.0/0"));
  });
});

test("a whole stack that is new asks, with what is in it that hurts, and not what is told elsewhere", () => {
  const { findings, counts } = compareStacks(new Map(), stacks("dev-eks"));
  expect(lines(findings)).toEqual(["stack-added dev-eks: the stack is new"]);
  expect(findings[0]?.details).toContain(
    "dev-eks administrators/role-PlatformAdmin/entry (aws_eks_access_entry): is new: logs in to the EKS cluster: cluster_name ${aws_eks_cluster.eks_cluster.name}, principal_arn arn:aws:iam::123456789012:role/PlatformAdmin",
  );
  expect(counts).toEqual([{ stack: "dev-eks", added: 21, changed: 0, replaced: 0, removed: 0 }]);
  const told = compareStacks(new Map(), stacks("dev-eks"), () => []);
  expect(told.findings[0]?.details).toBeUndefined();
});

test("an approval of a new stack is for all that is in it, and not for what cdktf notes", () => {
  const found = (change: (stack: Json) => void) => {
    const after = stacks("dev-eks");
    change(after.get("dev-eks"));
    return compareStacks(new Map(), after).findings;
  };
  const as = found(() => {});
  const cluster = (stack: Json) => resource(stack, "aws_eks_cluster", "eks/cluster");
  expect(
    found((stack) => {
      stack["//"].metadata.version = "0.22.0";
      cluster(stack)["//"].metadata.uniqueId = "other";
    }),
  ).toEqual(as);
  expect(found((stack) => Object.assign(cluster(stack), { version: "1.99" }))).not.toEqual(as);
  expect(found((stack) => Object.assign(stack.output, { other: {} }))).not.toEqual(as);
});

test("a whole stack that is gone asks, and names what holds data", () => {
  const { findings } = compareStacks(stacks("dev-database"), new Map());
  expect(lines(findings)).toEqual([
    "stack-removed dev-database: the stack is gone: what it deployed stays, and nothing here looks after it any more; if that is not meant, destroy it first",
  ]);
  expect(findings[0]?.details).toContain(
    "dev-database aurora/cluster (aws_rds_cluster) holds every database in it",
  );
});
