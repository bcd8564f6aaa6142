import { describe, expect, test } from "@jest/globals";
import { explainedByPlan } from "../../../../tools/review/infrastructure/explained";
import { RESOURCE_TYPES, words } from "../../../../tools/review/infrastructure/types/fate";
import { changed, changedBack, type Json, kinds, lines, resource, take } from "./stacks";

const cluster = (stack: Json) => resource(stack, "aws_rds_cluster", "aurora/cluster");

describe("what holds data", () => {
  test("and is destroyed is named with what is lost", () => {
    const { findings, counts } = changed("dev-database", (stack) =>
      take(stack, "aws_rds_cluster", "aurora/cluster"),
    );
    expect(lines(findings)).toEqual([
      "data-destroyed dev-database aurora/cluster (aws_rds_cluster): is destroyed: this loses every database in it",
    ]);
    expect(counts).toEqual([{ stack: "dev-database", added: 0, changed: 0, replaced: 0, removed: 1 }]);
  });

  test("and is replaced is named with why, and with what is lost", () => {
    const { findings, counts } = changed("dev-database", (stack) => {
      cluster(stack).master_username = "root";
    });
    expect(lines(findings)).toEqual([
      "data-destroyed dev-database aurora/cluster (aws_rds_cluster): is destroyed and made anew (master_username postgres → root): this loses every database in it",
    ]);
    // The text has it all.
    expect(findings[0]?.details).toBeUndefined();
    expect(counts).toEqual([{ stack: "dev-database", added: 0, changed: 0, replaced: 1, removed: 0 }]);
  });

  test("and gets an attribute that nobody here knows may be replaced", () => {
    const change = (stack: Json) => {
      cluster(stack).of_a_later_provider = "a";
    };
    expect(lines(changed("dev-database", change).findings)).toEqual([
      "may-replace dev-database aurora/cluster (aws_rds_cluster): may be replaced, which would lose every database in it: of_a_later_provider (none) → a",
    ]);
    expect(kinds(changedBack("dev-database", change))).toEqual(["may-replace"]);
  });

  test("is not replaced by what Terraform is told to ignore", () => {
    const { findings } = changed("dev-database", (stack) => {
      cluster(stack).lifecycle.ignore_changes.push("master_username");
      cluster(stack).master_username = "root";
    });
    expect(findings.map(({ kind }) => kind)).not.toContain("data-destroyed");
  });

  test("is not replaced when Terraform is told to ignore all of it", () => {
    const { findings } = changed("dev-database", (stack) => {
      cluster(stack).lifecycle.ignore_changes = "all";
      cluster(stack).master_username = "root";
    });
    expect(findings.map(({ kind }) => kind)).not.toContain("data-destroyed");
  });

  test("is every type of which something is lost, and no other", () => {
    const types = Object.keys(RESOURCE_TYPES).filter((type) => RESOURCE_TYPES[type]?.data !== undefined);
    expect(types.sort()).toEqual([
      "aws_cloudwatch_log_group",
      "aws_eks_cluster",
      "aws_kms_key",
      "aws_rds_cluster",
      "aws_vpc",
      "kubernetes_namespace_v1",
      "postgresql_database",
      "postgresql_extension",
      "postgresql_schema",
    ]);
  });

  test("and can no longer be encrypted as it was is replaced: Kubernetes' encryption cannot be taken away", () => {
    const { findings } = changed("dev-eks", (stack) => {
      delete resource(stack, "aws_eks_cluster", "eks/cluster").encryption_config;
    });
    expect(findings.map(({ kind }) => kind).slice(0, 2)).toEqual(["data-destroyed", "encryption-weakened"]);
  });
});

describe("what holds no data", () => {
  test("and is replaced is told without alarm", () => {
    const { findings } = changed("dev-network", (stack) => {
      resource(stack, "aws_eip", "nat/eu-west-1a/address").domain = "standard";
    });
    expect(lines(findings)).toContain(
      "resource-replaced dev-network nat/eu-west-1a/address (aws_eip): is destroyed and made anew (domain vpc → standard)",
    );
  });

  test("and is changed where it is is told with what changes", () => {
    const { findings } = changed("dev-database", (stack) => {
      cluster(stack).engine_version = "17.11";
      cluster(stack).port = 5433;
    });
    expect(lines(findings)).toEqual([
      "resource-changed dev-database aurora/cluster (aws_rds_cluster): changes engine_version 17.10 → 17.11, port 5432 → 5433",
    ]);
  });

  test("is told with the lines of what is told, and no others", () => {
    const { findings } = changed("dev-database", (stack) => {
      cluster(stack).deletion_protection = false;
      cluster(stack).port = 5433;
    });
    expect(findings.map(({ text, details }) => [/: (.*)/.exec(text)?.[1], details])).toEqual([
      ["deletion_protection true → false: AWS no longer refuses to delete it", undefined],
      ["changes port 5432 → 5433", undefined],
    ]);
  });

  test("and gets an attribute that nobody here knows may be replaced, which is said", () => {
    const { findings } = changed("dev-network", (stack) => {
      resource(stack, "aws_eip", "nat/eu-west-1a/address").of_a_later_provider = "a";
    });
    expect(lines(findings)).toEqual([
      "resource-changed dev-network nat/eu-west-1a/address (aws_eip): changes of_a_later_provider (none) → a, which may replace it",
    ]);
  });

  test("and comes or goes is counted", () => {
    const change = (stack: Json) => take(stack, "aws_kms_alias", "aurora/encryption/alias");
    expect(lines(changed("dev-database", change).findings)).toEqual([
      "resource-removed dev-database aurora/encryption/alias (aws_kms_alias): is destroyed",
    ]);
    expect(lines(changedBack("dev-database", change).findings)).toEqual([
      "resource-added dev-database aurora/encryption/alias (aws_kms_alias): is new",
    ]);
  });
});

describe("a type that nobody here knows", () => {
  test.each(["aws_iam_user", "null_resource"])("asks when it comes, changes and goes: %s", (type) => {
    const add = (stack: Json) => {
      stack.resource[type] = { a: { name: "a" } };
    };
    expect(kinds(changed("dev-eks", add))).toEqual(["unexplained"]);
    expect(kinds(changedBack("dev-eks", add))).toEqual(["unexplained"]);
    const { findings } = changed("dev-eks", (stack, all) => {
      add(stack);
      all.set("dev-eks", stack);
    });
    expect(findings[0]?.content).toMatchObject({ after: { address: `${type}.a`, body: { name: "a" } } });
  });
});

describe("what refers to something that is replaced", () => {
  test("is replaced with it when the attribute forces it, through outputs and locals of other stacks", () => {
    const { findings } = changed("dev-network", (stack) => {
      resource(stack, "aws_subnet", "private/eu-west-1a/subnet").cidr_block = "10.40.128.0/20";
    });
    expect(lines(findings)).toContain(
      "resource-replaced dev-database bastion/instance (aws_instance): is destroyed and made anew (subnet_id refers to dev-network private/eu-west-1a/subnet (aws_subnet), which is another)",
    );
  });

  test("stays when Terraform is told to ignore the attribute", () => {
    const { findings } = changed("dev-network", (stack, all) => {
      resource(all.get("dev-database"), "aws_instance", "bastion/instance").lifecycle.ignore_changes.push(
        "subnet_id",
      );
      resource(stack, "aws_subnet", "private/eu-west-1a/subnet").cidr_block = "10.40.128.0/20";
    });
    expect(lines(findings).filter((line) => line.startsWith("resource-replaced dev-database"))).toEqual([]);
  });

  test("loses its data with a key that is made anew", () => {
    const { findings } = changed("dev-database", (stack) => {
      resource(stack, "aws_kms_key", "aurora/encryption/key").multi_region = true;
    });
    expect(lines(findings)).toContain(
      "data-destroyed dev-database aurora/cluster (aws_rds_cluster): is destroyed and made anew (kms_key_id refers to dev-database aurora/encryption/key (aws_kms_key), which is another): this loses every database in it",
    );
  });

  test("stays when it refers to a name that stays", () => {
    const { findings } = changed("dev-database", (stack) => {
      resource(stack, "aws_iam_role", "bastion/managed/role").path = "/other/";
    });
    // Its policy refers to the role's id, which AWS makes; the instance profile to its name.
    expect(lines(findings).filter((line) => line.startsWith("resource-replaced"))).toEqual([
      "resource-replaced dev-database bastion/managed/role (aws_iam_role): is destroyed and made anew (path (none) → /other/)",
      "resource-replaced dev-database bastion/managed/policy (aws_iam_role_policy): is destroyed and made anew (role refers to dev-database bastion/managed/role (aws_iam_role), which is another)",
    ]);
  });

  test("stays when only something else of it changes", () => {
    const { findings } = changed("dev-access", (stack) => {
      resource(stack, "kubernetes_namespace_v1", "namespace-shop/namespace").metadata.labels.team = "a";
    });
    expect(findings.map(({ kind }) => kind)).toEqual(["reach-widened"]);
  });
});

test("the access plan's resources are told elsewhere, but not that they are lost or protected no longer", () => {
  const explained = () => ["name", "metadata", "depends_on"];
  const found = (change: (stack: Json) => void) => lines(changed("dev-access", change, explained).findings);
  expect(
    found((stack) => {
      resource(stack, "postgresql_database", "database-shop/database").name = "store";
    }),
    // Its schemas are in it, and are told elsewhere to be others; that they are made anew is told here.
  ).toEqual([
    expect.stringMatching(/^data-destroyed dev-access database-shop\/schema-billing/),
    expect.stringMatching(/^data-destroyed dev-access database-shop\/schema-orders/),
  ]);
  expect(found((stack) => take(stack, "postgresql_database", "database-shop/database"))).toEqual([
    "data-destroyed dev-access database-shop/database (postgresql_database): is destroyed: this loses every table in it",
  ]);
  expect(
    found((stack) => {
      resource(stack, "postgresql_database", "database-shop/database").encoding = "LATIN1";
    }),
  ).toContainEqual(expect.stringMatching(/^data-destroyed dev-access database-shop\/database/));
  expect(
    found((stack) => {
      resource(stack, "postgresql_database", "database-shop/database").lifecycle.prevent_destroy = false;
    }),
  ).toEqual([
    "protection-off dev-access database-shop/database (postgresql_database): lifecycle.prevent_destroy true → false: Terraform no longer refuses to destroy it",
  ]);
  expect(found((stack) => take(stack, "postgresql_schema", "database-shop/schema-orders/schema"))).toEqual(
    [],
  );
  expect(
    changedBack("dev-access", (stack) =>
      take(stack, "postgresql_schema", "database-shop/schema-orders/schema"),
    ),
  ).toMatchObject({ counts: [{ added: 1 }] });
});

test("the access plan decides of the access stack of its own environment, and of no other", () => {
  const explained = explainedByPlan("dev");
  const role = (stack: string, type = "aws_iam_role") =>
    explained({ stack, type, name: "a", body: {}, note: undefined });
  expect(role("dev-access")).toContain("assume_role_policy");
  for (const stack of ["dev-eks", "prod-access", "dev-access-access"]) expect(role(stack)).toBeUndefined();
  for (const type of ["aws_vpc_security_group_ingress_rule", "constructor"])
    expect(role("dev-access", type)).toBeUndefined();
});

test("a new resource of the access plan that has more than the plan says is told", () => {
  const explained = () => ["name"];
  const before = changedBack("dev-access", () => {});
  expect(before.findings).toEqual([]);
  const { findings } = changed(
    "dev-access",
    (stack) => {
      stack.resource.postgresql_role.extra = {
        name: "extra",
        provisioner: [{ "local-exec": { command: "id" } }],
      };
      stack.resource.postgresql_role.plain = { name: "plain" };
    },
    explained,
  );
  expect(lines(findings)).toEqual([
    'policy-widened dev-access postgresql_role.extra: provisioner (none) → {"local-exec":{"command":"id"}}: a program runs wherever Terraform does',
  ]);
});

test("every list of attributes that replace is read: each of them does", () => {
  expect(Object.values(RESOURCE_TYPES).flatMap(({ replaces }) => words(replaces)).length).toBeGreaterThan(
    150,
  );
});
