import { describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { AuroraCluster, type AuroraClusterProps } from "../../../constructs/database/aurora-cluster";
import { only, resources, synthConstruct } from "../../helpers/construct";

function synth(props: Partial<AuroraClusterProps> = {}) {
  return synthConstruct((stack) => {
    const cluster = new AuroraCluster(stack, "aurora", {
      environmentName: "dev",
      account: "123456789012",
      region: "eu-west-1",
      vpcId: "vpc-1",
      subnetIds: ["subnet-1", "subnet-2"],
      adminUser: "postgres",
      engineVersion: "17.10",
      capacity: { minAcu: 0.5, maxAcu: 8 },
      readers: 1,
      backupRetentionDays: 14,
      logsRetentionDays: 365,
      deletionProtection: true,
      ...props,
    });
    new TerraformOutput(stack, "admin-secret-arn", { value: cluster.adminSecretArn, staticId: true });
  });
}

const json = synth();
const cluster = only(json, "aws_rds_cluster");
const [clusterName] = Object.keys(resources(json, "aws_rds_cluster"));
const [keyName] = Object.keys(resources(json, "aws_kms_key"));
const keyArn = `\${aws_kms_key.${keyName}.arn}`;

describe("an Aurora cluster", () => {
  test("logs in by IAM, and its admin's password is made and kept by RDS", () => {
    expect(cluster).toMatchObject({
      iam_database_authentication_enabled: true,
      manage_master_user_password: true,
      master_username: "postgres",
      master_user_secret_kms_key_id: keyArn,
    });
    expect(Object.keys(cluster)).not.toContain("master_password");
    expect(json.output?.["admin-secret-arn"]?.value).toBe(
      `\${aws_rds_cluster.${clusterName}.master_user_secret[0].secret_arn}`,
    );
  });

  test("is encrypted with a key of its own", () => {
    expect(cluster).toMatchObject({ storage_encrypted: true, kms_key_id: keyArn });
    expect(only(json, "aws_kms_alias").name).toBe("alias/dev-database");
  });

  test("lets nobody in and goes nowhere before somebody adds a rule", () => {
    const securityGroup = only(json, "aws_security_group");
    expect(securityGroup).not.toHaveProperty("ingress");
    expect(securityGroup).not.toHaveProperty("egress");
    expect(resources(json, "aws_vpc_security_group_ingress_rule")).toEqual({});
    expect(resources(json, "aws_vpc_security_group_egress_rule")).toEqual({});
    const [name] = Object.keys(resources(json, "aws_security_group"));
    expect(cluster.vpc_security_group_ids).toEqual([`\${aws_security_group.${name}.id}`]);
  });

  test("is in the database subnets", () => {
    expect(only(json, "aws_db_subnet_group").subnet_ids).toEqual(["subnet-1", "subnet-2"]);
  });

  test("writes its logs to groups that exist before it, encrypted and kept as long as asked", () => {
    const groups = resources(json, "aws_cloudwatch_log_group");
    expect(Object.values(groups).map(({ name }) => name)).toEqual(
      expect.arrayContaining(["/aws/rds/cluster/dev/postgresql", "/aws/rds/cluster/dev/iam-db-auth-error"]),
    );
    for (const group of Object.values(groups)) {
      expect(group).toMatchObject({ retention_in_days: 365, kms_key_id: keyArn });
    }
    expect(cluster.enabled_cloudwatch_logs_exports).toEqual(["postgresql", "iam-db-auth-error"]);
    expect(cluster.depends_on).toEqual(
      expect.arrayContaining(Object.keys(groups).map((name) => `aws_cloudwatch_log_group.${name}`)),
    );
    const { policy } = only(json, "aws_kms_key");
    for (const { name } of Object.values(groups)) expect(policy).toContain(`:log-group:${name}"`);
  });

  test("takes its parameters from the group of its major version", () => {
    expect(only(json, "aws_rds_cluster_parameter_group").family).toBe("aurora-postgresql17");
    const [name] = Object.keys(resources(json, "aws_rds_cluster_parameter_group"));
    expect(cluster.db_cluster_parameter_group_name).toBe(`\${aws_rds_cluster_parameter_group.${name}.name}`);
  });

  test("cannot be deleted, nor its key, while it is protected", () => {
    expect(cluster).toMatchObject({ deletion_protection: true, lifecycle: { prevent_destroy: true } });
    expect(only(json, "aws_kms_key").lifecycle).toEqual({ prevent_destroy: true });
  });

  test("leaves a snapshot when it is deleted on purpose", () => {
    const unprotected = synth({ deletionProtection: false });
    expect(only(unprotected, "aws_rds_cluster")).toMatchObject({
      deletion_protection: false,
      lifecycle: { prevent_destroy: false },
      skip_final_snapshot: false,
      final_snapshot_identifier: "dev-final",
    });
    expect(only(unprotected, "aws_kms_key").lifecycle).toEqual({ prevent_destroy: false });
  });

  test("can be restored to any moment of as many days as asked", () => {
    expect(cluster.backup_retention_period).toBe(14);
  });

  test("changes, major versions too, when it is deployed and not in some later night", () => {
    expect(cluster).toMatchObject({
      engine_version: "17.10",
      apply_immediately: true,
      allow_major_version_upgrade: true,
    });
    for (const instance of Object.values(resources(json, "aws_rds_cluster_instance"))) {
      expect(instance.apply_immediately).toBe(true);
    }
  });

  test("keeps its major version when standard support ends, which only its creation can say", () => {
    expect(cluster).toMatchObject({
      engine_lifecycle_support: "open-source-rds-extended-support",
      lifecycle: { ignore_changes: ["engine_lifecycle_support"] },
    });
  });

  test("has one instance more than readers", () => {
    expect(Object.keys(resources(json, "aws_rds_cluster_instance"))).toHaveLength(2);
    expect(Object.keys(resources(synth({ readers: 0 }), "aws_rds_cluster_instance"))).toHaveLength(1);
  });
});

describe("the capacity of a cluster", () => {
  const capacityOf = (capacity: AuroraClusterProps["capacity"]) => {
    const found = synth({ capacity, readers: 0 });
    return {
      scaling: only(found, "aws_rds_cluster").serverlessv2_scaling_configuration,
      instanceClass: only(found, "aws_rds_cluster_instance").instance_class,
    };
  };

  test("that is serverless has a minimum and a maximum and no pause", () => {
    expect(capacityOf({ minAcu: 0.5, maxAcu: 8 })).toEqual({
      scaling: { min_capacity: 0.5, max_capacity: 8 },
      instanceClass: "db.serverless",
    });
  });

  test("that may shrink to nothing pauses after five minutes", () => {
    expect(capacityOf({ minAcu: 0, maxAcu: 8 }).scaling).toEqual({
      min_capacity: 0,
      max_capacity: 8,
      seconds_until_auto_pause: 300,
    });
  });

  test("that is provisioned has the instance class and no scaling", () => {
    expect(capacityOf({ instanceClass: "db.r8g.large" })).toEqual({
      scaling: undefined,
      instanceClass: "db.r8g.large",
    });
  });
});
