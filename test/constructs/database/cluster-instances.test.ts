import { describe, expect, test } from "@jest/globals";
import { ClusterInstances } from "../../../constructs/database/cluster-instances";
import { only, resources, synthConstruct } from "../../helpers/construct";

function synth(count: number) {
  let identifiers: readonly string[] = [];
  const json = synthConstruct((stack) => {
    identifiers = new ClusterInstances(stack, "instances", {
      environmentName: "dev",
      clusterIdentifier: "dev",
      count,
      instanceClass: "db.serverless",
      maintenanceWindow: "sun:03:30-sun:04:30",
      kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1",
      account: "123456789012",
      region: "eu-west-1",
    }).identifiers;
  });
  return { json, identifiers, instances: resources(json, "aws_rds_cluster_instance") };
}

const { json, identifiers, instances } = synth(3);

describe("the instances of a cluster", () => {
  test("are numbered, since a failover moves the roles of writer and reader", () => {
    expect(identifiers).toEqual(["dev-1", "dev-2", "dev-3"]);
    expect(Object.values(instances).map(({ identifier }) => identifier)).toEqual(identifiers);
  });

  test("keep their Terraform addresses when one is added", () => {
    expect(Object.keys(instances)).toEqual(expect.arrayContaining(Object.keys(synth(2).instances)));
  });

  test("have no public address", () => {
    for (const instance of Object.values(instances)) expect(instance.publicly_accessible).toBe(false);
  });

  test("may each be promoted, and serverless readers are as large as the writer", () => {
    for (const instance of Object.values(instances)) expect(instance.promotion_tier).toBe(1);
  });

  test("change version only with the environment file", () => {
    for (const instance of Object.values(instances)) {
      expect(instance.auto_minor_version_upgrade).toBe(false);
      expect(instance).not.toHaveProperty("engine_version");
    }
  });

  test("encrypt Database Insights, which keeps the text of statements, with the cluster's key", () => {
    for (const instance of Object.values(instances)) {
      expect(instance).toMatchObject({
        performance_insights_enabled: true,
        performance_insights_kms_key_id: "arn:aws:kms:eu-west-1:123456789012:key/1",
        performance_insights_retention_period: 7,
      });
    }
  });

  test("are monitored by a role that RDS assumes for this account only, once it has its policy", () => {
    const role = only(json, "aws_iam_role");
    expect(JSON.parse(String(role.assume_role_policy)).Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "monitoring.rds.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
    const [attachment] = Object.keys(resources(json, "aws_iam_role_policy_attachment"));
    for (const instance of Object.values(instances)) {
      expect(instance.monitoring_interval).toBe(60);
      expect(instance.depends_on).toEqual([`aws_iam_role_policy_attachment.${attachment}`]);
    }
  });
});
