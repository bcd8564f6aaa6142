import { describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { ExistingDatabaseCluster } from "../../../constructs/database/existing-database-cluster";
import { ExistingDatabaseInstance } from "../../../constructs/database/existing-database-instance";
import type { ExistingDatabase } from "../../../model/config/environment";
import { type Block, synthConstruct } from "../../helpers/construct";

const KINDS = { cluster: ExistingDatabaseCluster, instance: ExistingDatabaseInstance };

function synth(kind: keyof typeof KINDS, existing: Partial<ExistingDatabase> = {}) {
  const json = synthConstruct((stack) => {
    const database = new KINDS[kind](stack, "existing", {
      existing: { kind, identifier: "shop", port: 5432, adminUser: "postgres", ...existing },
      region: "eu-west-1",
      vpcId: "vpc-0000000a",
      subnetIds: ["subnet-0000000a", "subnet-0000000b"],
    });
    for (const key of ["resourceId", "securityGroupId", "adminSecretArn"] as const) {
      new TerraformOutput(stack, key, { value: database[key], staticId: true });
    }
  });
  const seen = Object.fromEntries(Object.entries(json.output ?? {}).map(([key, { value }]) => [key, value]));
  return { json, seen };
}

/** What the conditions of a data source say when they fail. */
function messages(blocks: Readonly<Record<string, Block>> = {}): string {
  return JSON.stringify(Object.values(blocks).map(({ lifecycle }) => lifecycle));
}

describe.each([
  ["cluster", "aws_rds_cluster", "aws rds modify-db-cluster --db-cluster-identifier shop"],
  ["instance", "aws_db_instance", "aws rds modify-db-instance --db-instance-identifier shop"],
] as const)("an existing %s", (kind, type, modify) => {
  test("is only read", () => {
    expect(synth(kind).json.resource).toBeUndefined();
  });

  test("has its master user's secret and its only security group, unless the file names others", () => {
    expect(synth(kind).seen).toEqual({
      resourceId: expect.stringMatching(/resource_id\}$/),
      securityGroupId: expect.stringMatching(/^\$\{local\.existing_security-group-id_/),
      adminSecretArn: expect.stringMatching(/master_user_secret\[0\]\.secret_arn\}$/),
    });
    const named = { securityGroupId: "sg-0000000a", adminSecretArn: "arn:secret" };
    expect(synth(kind, named).seen).toMatchObject(named);
  });

  test("is told how to turn on what is off, by a command that can be run as it is", () => {
    const { json } = synth(kind);
    const said = messages(json.data?.[type]) + messages(json.data?.aws_cloudcontrolapi_resource);
    expect(said).toContain(
      `${modify} --region eu-west-1 --enable-iam-database-authentication --apply-immediately"`,
    );
    expect(said).toContain(`${modify} --region eu-west-1 --manage-master-user-password --apply-immediately.`);
    expect(messages(json.data?.aws_db_instance)).toContain("--no-publicly-accessible");
  });

  test("may have any admin when the file names the secret to log in with", () => {
    const { json } = synth(kind, { adminSecretArn: "arn:secret" });
    expect(messages(json.data?.[type])).not.toContain("master_user");
  });

  test("must be in the network's VPC and database subnets", () => {
    const { json } = synth(kind);
    const [placement] = Object.values(json.data?.aws_db_subnet_group ?? {});
    expect(placement).toMatchObject({
      lifecycle: {
        postcondition: [
          { condition: '${self.vpc_id == "vpc-0000000a"}' },
          {
            condition: expect.stringMatching(
              /^\$\{length\(setsubtract\(self\.subnet_ids, local\.existing_placement_subnet-ids_\w+\)\) == 0\}$/,
            ),
          },
        ],
      },
    });
    expect(Object.values(json.locals ?? {})).toContainEqual(["subnet-0000000a", "subnet-0000000b"]);
  });
});

test("every instance of a cluster is looked at for a public address", () => {
  const [instance] = Object.values(synth("cluster").json.data?.aws_db_instance ?? {});
  expect(instance).toMatchObject({
    for_each: expect.stringMatching(/cluster_members/),
    db_instance_identifier: "${each.value}",
    lifecycle: { postcondition: [{ condition: "${!self.publicly_accessible}" }] },
  });
});
