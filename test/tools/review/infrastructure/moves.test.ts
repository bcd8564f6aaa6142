import { Eip } from "@cdktf/provider-aws/lib/eip";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { RdsCluster } from "@cdktf/provider-aws/lib/rds-cluster";
import { describe, expect, test } from "@jest/globals";
import { TerraformStack, Testing } from "cdktf";
import { compareStacks } from "../../../../tools/review/infrastructure/compare-stacks";
import { stackOf, synthApp } from "../../../helpers/app";
import { parse, testFile } from "../../../helpers/environment";
import { changed, changedBack, type Json, kinds, lines, resource, stacks, take } from "./stacks";

/** A stack with a key and a cluster that is encrypted with it, as cdktf writes it. */
function withKey(
  id: string,
  more: (stack: TerraformStack, key: KmsKey) => void = () => {},
): Map<string, Json> {
  const stack = new TerraformStack(Testing.app(), "dev-database");
  const key = new KmsKey(stack, id, { description: "of the database" });
  new RdsCluster(stack, "cluster", {
    clusterIdentifier: "dev",
    engine: "aurora-postgresql",
    storageEncrypted: true,
    skipFinalSnapshot: false,
    kmsKeyId: key.arn,
  });
  more(stack, key);
  return new Map([["dev-database", JSON.parse(Testing.synth(stack))]]);
}

describe("a resource at another address", () => {
  test("is destroyed and made anew when nothing says that it is the same, with what is encrypted by it", () => {
    const { findings, counts } = compareStacks(withKey("old"), withKey("new"));
    expect(lines(findings)).toEqual([
      "data-destroyed dev-database aws_rds_cluster.cluster: is destroyed and made anew (kms_key_id ${aws_kms_key.old.arn} → ${aws_kms_key.new.arn}): this loses every database in it",
      "encryption-weakened dev-database aws_rds_cluster.cluster: kms_key_id ${aws_kms_key.old.arn} → ${aws_kms_key.new.arn}: it is encrypted with another key, or AWS's",
      "address-renamed dev-database aws_kms_key.old: is destroyed here and made anew as aws_kms_key.new: no moved block says that they are the same",
      "data-destroyed dev-database aws_kms_key.old: is destroyed: this loses whatever is encrypted with it, snapshots included, once AWS deletes it",
    ]);
    expect(counts).toEqual([{ stack: "dev-database", added: 1, changed: 0, replaced: 1, removed: 1 }]);
  });

  test("is the same when cdktf's moved block says so, and so is what refers to it", () => {
    const after = withKey("new", (_stack, key) => key.moveFromId("aws_kms_key.old"));
    expect(after.get("dev-database").moved).toEqual([{ from: "aws_kms_key.old", to: "aws_kms_key.new" }]);
    const { findings, counts } = compareStacks(withKey("old"), after);
    expect(lines(findings)).toEqual([
      "resource-changed dev-database moved: from aws_kms_key.old, to aws_kms_key.new is the same to Terraform",
    ]);
    expect(counts).toEqual([{ stack: "dev-database", added: 0, changed: 0, replaced: 0, removed: 0 }]);
  });

  test("is not the same when the block leads nowhere, or from what is still there", () => {
    const nowhere = withKey("new", (stack) =>
      stack.addOverride("moved", [{ from: "aws_kms_key.other", to: "aws_kms_key.new" }]),
    );
    expect(kinds(compareStacks(withKey("old"), nowhere))).toContain("data-destroyed");
    const still = withKey("old", (stack) => {
      new KmsKey(stack, "new", {});
      stack.addOverride("moved", [{ from: "aws_kms_key.old", to: "aws_kms_key.new" }]);
    });
    expect(kinds(compareStacks(withKey("old"), still))).toEqual(["resource-changed", "resource-added"]);
    const taken = withKey("new", (stack) =>
      stack.addOverride("moved", [{ from: "aws_kms_key.old", to: "aws_kms_key.new" }]),
    );
    const both = withKey("old", (stack) => new KmsKey(stack, "new", {}));
    expect(kinds(compareStacks(both, taken))).toContain("data-destroyed");
  });

  test("and a block of another type is no move", () => {
    const other = withKey("old", (stack) => {
      new Eip(stack, "address", {});
      stack.addOverride("moved", [{ from: "aws_kms_key.gone", to: "aws_eip.address" }]);
    });
    const before = withKey("old", (stack) => new KmsKey(stack, "gone", {}));
    expect(kinds(compareStacks(before, other))).toContain("data-destroyed");
  });

  test("with the same name in AWS is told as renamed, whatever else changes of it", () => {
    const { findings } = changed("dev-database", (stack) => {
      const { body } = take(stack, "aws_rds_cluster", "aurora/cluster");
      stack.resource.aws_rds_cluster.other = { ...body, deletion_protection: false, port: 5433 };
    });
    expect(lines(findings).filter((line) => line.includes("aurora/cluster (aws_rds_cluster)"))).toEqual(
      expect.arrayContaining([
        "address-renamed dev-database aurora/cluster (aws_rds_cluster): is destroyed here and made anew as aws_rds_cluster.other: no moved block says that they are the same",
        "data-destroyed dev-database aurora/cluster (aws_rds_cluster): is destroyed: this loses every database in it",
        "protection-off dev-database aurora/cluster (aws_rds_cluster): deletion_protection true → false: AWS no longer refuses to delete it",
      ]),
    );
  });

  test("and without a name is told as renamed when it is the same but for what it refers to", () => {
    const { findings, counts } = changed("dev-network", (stack) => {
      const { body } = take(stack, "aws_nat_gateway", "nat/eu-west-1a/gateway");
      stack.resource.aws_nat_gateway = {};
      const address = take(stack, "aws_eip", "nat/eu-west-1a/address");
      stack.resource.aws_eip.other = address.body;
      stack.resource.aws_nat_gateway.other = body;
    });
    expect(findings.filter(({ kind }) => kind === "address-renamed").map(({ subject }) => subject)).toEqual([
      "dev-network nat/eu-west-1a/address (aws_eip)",
    ]);
    expect(counts[0]).toMatchObject({ added: 2, removed: 2 });
  });

  test("that was forgotten at one and taken over at another is the same", () => {
    const move = (stack: Json, forget: boolean) => {
      const { name, body } = take(stack, "aws_rds_cluster", "aurora/cluster");
      stack.resource.aws_rds_cluster.other = body;
      stack.import = [{ to: "aws_rds_cluster.other", id: "dev" }];
      if (forget) stack.removed = [{ from: `aws_rds_cluster.${name}`, lifecycle: { destroy: false } }];
    };
    expect(kinds(changed("dev-database", (stack) => move(stack, true)))).not.toContain("data-destroyed");
    expect(kinds(changed("dev-database", (stack) => move(stack, false)))).toContain("data-destroyed");
  });
});

test("what Terraform forgets stays, and nobody looks after it", () => {
  const forget = (destroy: boolean) => (stack: Json) => {
    const { name } = take(stack, "aws_kms_alias", "aurora/encryption/alias");
    stack.removed = [{ from: `aws_kms_alias.${name}`, lifecycle: { destroy } }];
  };
  expect(lines(changed("dev-database", forget(false)).findings)).toContain(
    "resource-removed dev-database aurora/encryption/alias (aws_kms_alias): is forgotten by Terraform, and stays: nothing here looks after it any more",
  );
  expect(lines(changed("dev-database", forget(true)).findings)).toContain(
    "resource-removed dev-database aurora/encryption/alias (aws_kms_alias): is destroyed",
  );
  const group = changed("dev-database", (stack) => {
    const { name } = take(stack, "aws_cloudwatch_log_group", "bastion/shell/log-group");
    stack.removed = [{ from: `aws_cloudwatch_log_group.${name}`, lifecycle: { destroy: false } }];
  });
  expect(kinds(group)).toContain("protection-off");
});

test("what Terraform takes over asks, unless the access plan says so", () => {
  const take = (stack: Json) => {
    stack.import = [{ to: "postgresql_role.group", id: "group" }];
    stack.resource.postgresql_role.group = { name: "group" };
  };
  expect(kinds(changed("dev-access", take))).toContain("may-replace");
  expect(
    kinds(changed("dev-access", take, ({ type }) => (type === "postgresql_role" ? ["name"] : undefined))),
  ).toEqual(["resource-changed"]);
});

test("a block that is gone is told: a state that has not followed it needs it", () => {
  const move = (stack: Json) => {
    stack.moved = [{ from: "aws_eip.a", to: "aws_eip.b" }];
  };
  expect(lines(changedBack("dev-eks", move).findings)).toEqual([
    "resource-changed dev-eks moved: from aws_eip.a, to aws_eip.b is no longer said, which a state that has not followed it needs",
  ]);
});

describe("names that must not leave", () => {
  const guard = (stack: Json) => stack.resource.terraform_data.protected;
  const without = (stack: Json, ...names: string[]) => {
    for (const name of names) guard(stack).for_each = guard(stack).for_each.replace(`"${name}", `, "");
  };

  test("are told when they do, and when others come", () => {
    expect(lines(changed("dev-access", (stack) => without(stack, "schema shop.billing")).findings)).toEqual([
      'protection-off dev-access terraform_data.protected: no longer guards "schema shop.billing": with prevent_destroy Terraform refuses this, without it they may go',
    ]);
    expect(
      lines(changedBack("dev-access", (stack) => without(stack, "schema shop.billing")).findings),
    ).toEqual(['protection-on dev-access terraform_data.protected: guards "schema shop.billing"']);
  });

  test("have not left when they moved to another name", () => {
    const rename = (stack: Json) => {
      guard(stack).for_each = guard(stack).for_each.replace("schema shop.billing", "schema shop.sales");
    };
    expect(kinds(changed("dev-access", rename))).toEqual(["protection-off", "protection-on"]);
    const { findings } = changed("dev-access", (stack) => {
      rename(stack);
      const address = (name: string) => `terraform_data.protected["${name}"]`;
      stack.moved = [{ from: address("schema shop.billing"), to: address("schema shop.sales") }];
    });
    expect(findings.map(({ kind }) => kind)).toEqual(["resource-changed", "resource-changed"]);
  });

  test("that cannot be read are no protection", () => {
    const change = (stack: Json) => {
      guard(stack).for_each = "${toset(local.names)}";
    };
    expect(kinds(changed("dev-access", change))).toEqual(["protection-off"]);
    expect(kinds(changedBack("dev-access", change))).toEqual(["protection-off"]);
  });

  test("are guarded no longer when the guard is gone", () => {
    const { findings } = changed("dev-access", (stack) => delete stack.resource.terraform_data);
    expect(findings.map(({ kind }) => kind)).toEqual(["protection-off"]);
  });
});

test("a move in one stack is none in another that has the same address", () => {
  const before = new Map([...stacks("dev-eks"), ...stacks("dev-network")]);
  const after = structuredClone(before);
  const key = resource(before.get("dev-eks"), "aws_kms_key", "eks/encryption/key");
  expect(key).toBeDefined();
  after.get("dev-network").moved = [{ from: "aws_kms_key.a", to: "aws_kms_key.b" }];
  expect(kinds(compareStacks(before, after))).toEqual(["resource-changed"]);
});

describe("a namespace that becomes somebody else's", () => {
  const synth = (text: string) => {
    const all = synthApp(parse(text));
    return new Map<string, Json>([["dev-access", stackOf(all, "dev-access")]]);
  };
  const before = synth(testFile("dev"));
  const after = synth(testFile("dev").replace(" shop: {}", " shop: { existing: true }"));

  test("is forgotten by Terraform, which destroys neither it nor what is in it, and let go by the guard", () => {
    const comparison = compareStacks(before, after);
    const { findings, counts } = comparison;
    expect(kinds(comparison)).not.toContain("data-destroyed");
    const said = lines(findings).join("\n");
    expect(said).toContain(
      'terraform_data.protected: lets go of "namespace shop", and destroys nothing of it',
    );
    expect(said).not.toContain("they may go");
    expect(counts).toEqual([{ stack: "dev-access", added: 2, changed: 1, replaced: 0, removed: 3 }]);
  });

  test("would be destroyed without being forgotten, and is said to be", () => {
    const { removed: _, ...without } = after.get("dev-access");
    expect(kinds(compareStacks(before, new Map([["dev-access", without]])))).toContain("data-destroyed");
  });
});
