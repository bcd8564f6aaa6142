import { describe, expect, test } from "@jest/globals";
import { DatabaseProxy, type DatabaseProxyProps } from "../../../constructs/database/database-proxy";
import { only, resources, synthConstruct } from "../../helpers/construct";

const synth = (props: Partial<DatabaseProxyProps> = {}) =>
  synthConstruct((stack) => {
    new DatabaseProxy(stack, "proxy", {
      environmentName: "dev",
      account: "123456789012",
      region: "eu-west-1",
      vpcId: "vpc-1",
      subnetIds: ["subnet-a", "subnet-b"],
      target: { kind: "cluster", identifier: "dev", securityGroupId: "sg-database", port: 6543 },
      config: {
        connectionsPercent: 35,
        idleClientTimeout: "1h",
        borrowTimeout: "30s",
        readerEndpoint: false,
      },
      logsRetentionDays: 30,
      ...props,
    });
  });

const json = synth();
const proxy = only(json, "aws_db_proxy");
const [groupName] = Object.keys(resources(json, "aws_security_group"));
const groupId = `\${aws_security_group.${groupName}.id}`;

describe("a proxy", () => {
  test("logs in by IAM on both sides and has no secret of anybody's", () => {
    expect(proxy).toMatchObject({ engine_family: "POSTGRESQL", default_auth_scheme: "IAM_AUTH" });
    expect(proxy).not.toHaveProperty("auth");
    expect(JSON.stringify(json)).not.toMatch(/secretsmanager|secret_arn/);
  });

  test("takes and makes no connection without TLS", () => {
    expect(proxy).toMatchObject({ require_tls: true });
  });

  test("writes no statement into its log", () => {
    expect(proxy).toMatchObject({ debug_logging: false });
  });

  test("has addresses in the given subnets, and carries its own security group alone", () => {
    expect(proxy).toMatchObject({
      vpc_subnet_ids: ["subnet-a", "subnet-b"],
      vpc_security_group_ids: [groupId],
    });
  });

  test("waits as long as the file says, in seconds", () => {
    expect(proxy).toMatchObject({ idle_client_timeout: 3600 });
    expect(only(json, "aws_db_proxy_default_target_group")).toMatchObject({
      connection_pool_config: { connection_borrow_timeout: 30 },
    });
  });

  test("keeps half of its connections when they are idle, never more than it may have", () => {
    for (const [percent, idle] of [
      [10, 5],
      [35, 17],
      [100, 50],
    ] as const) {
      const config = { ...({ idleClientTimeout: "30min", borrowTimeout: "2min" } as const) };
      const made = synth({ config: { ...config, connectionsPercent: percent, readerEndpoint: false } });
      expect(only(made, "aws_db_proxy_default_target_group")).toMatchObject({
        connection_pool_config: { max_connections_percent: percent, max_idle_connections_percent: idle },
      });
    }
  });

  test("goes to the database and nowhere else", () => {
    expect(only(json, "aws_vpc_security_group_egress_rule")).toMatchObject({
      security_group_id: groupId,
      referenced_security_group_id: "sg-database",
      ip_protocol: "tcp",
      from_port: 6543,
      to_port: 6543,
    });
    expect(only(json, "aws_security_group")).not.toHaveProperty("egress");
  });

  test("lets nobody in by itself: its only ingress rule is the database's", () => {
    expect(only(json, "aws_security_group")).not.toHaveProperty("ingress");
    expect(only(json, "aws_vpc_security_group_ingress_rule")).toMatchObject({
      security_group_id: "sg-database",
      referenced_security_group_id: groupId,
      from_port: 6543,
      to_port: 6543,
    });
  });

  test("has a role that RDS alone takes, and that may do nothing here", () => {
    expect(JSON.parse(String(only(json, "aws_iam_role").assume_role_policy)).Statement).toEqual([
      { Effect: "Allow", Principal: { Service: "rds.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
    expect(only(json, "aws_iam_role")).toMatchObject({ name: "dev-database-proxy" });
    expect(resources(json, "aws_iam_role_policy")).toEqual({});
    expect(resources(json, "aws_iam_role_policy_attachment")).toEqual({});
  });

  test("logs where logs are encrypted and end, before it starts", () => {
    expect(only(json, "aws_cloudwatch_log_group")).toMatchObject({
      name: "/aws/rds/proxy/dev",
      retention_in_days: 30,
      kms_key_id: expect.stringContaining("aws_kms_key."),
    });
    const [logGroup] = Object.keys(resources(json, "aws_cloudwatch_log_group"));
    expect(proxy.depends_on).toEqual([`aws_cloudwatch_log_group.${logGroup}`]);
    expect(only(json, "aws_kms_key").policy).toContain("log-group:/aws/rds/proxy/dev");
  });

  test("is in front of the cluster, once that has instances", () => {
    expect(only(json, "aws_db_proxy_target")).toMatchObject({ db_cluster_identifier: "dev" });
    expect(only(json, "aws_db_proxy_target")).not.toHaveProperty("db_instance_identifier");
    const target = { kind: "cluster", identifier: "dev", securityGroupId: "sg-1", port: 5432 } as const;
    const instances = [{ fqn: "aws_rds_cluster_instance.first" }];
    expect(only(synth({ target: { ...target, instances } }), "aws_db_proxy_target").depends_on).toEqual([
      "aws_rds_cluster_instance.first",
    ]);
  });

  test("is in front of an instance of no cluster where that is the database", () => {
    const target = { kind: "instance", identifier: "shop", securityGroupId: "sg-1", port: 5432 } as const;
    const made = only(synth({ target }), "aws_db_proxy_target");
    expect(made).toMatchObject({ db_instance_identifier: "shop" });
    expect(made).not.toHaveProperty("db_cluster_identifier");
  });

  test("alarms with the topic, on itself", () => {
    const topicArn = "arn:aws:sns:eu-west-1:123456789012:oncall";
    const alarms = Object.values(
      resources(synth({ alarmTopicArn: topicArn }), "aws_cloudwatch_metric_alarm"),
    );
    expect(alarms.map(({ alarm_name }) => alarm_name).sort()).toEqual([
      "dev-database-proxy-connections-borrowed-slowly",
      "dev-database-proxy-database-login-failed",
      "dev-database-proxy-login-denied",
    ]);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({ dimensions: { ProxyName: "dev" }, alarm_actions: [topicArn] });
    }
  });

  test("is named in IAM policies by the last part of its ARN", () => {
    const [[, value] = []] = Object.entries(json.locals ?? {});
    const [name] = Object.keys(resources(json, "aws_db_proxy"));
    expect(value).toBe(`\${element(split(":", aws_db_proxy.${name}.arn), 6)}`);
    // As AWS's documentation has it.
    expect("arn:aws:rds:us-east-1:123456789012:db-proxy:prx-abc".split(":")[6]).toBe("prx-abc");
  });
});

describe("the readers of a proxy", () => {
  const config = { connectionsPercent: 80, idleClientTimeout: "30min", borrowTimeout: "2min" } as const;

  test("have no endpoint unless the file says so", () => {
    expect(resources(json, "aws_db_proxy_endpoint")).toEqual({});
  });

  test("have one that only reads, in the same subnets and behind the same security group", () => {
    const made = synth({ config: { ...config, readerEndpoint: true } });
    const [group] = Object.keys(resources(made, "aws_security_group"));
    expect(only(made, "aws_db_proxy_endpoint")).toMatchObject({
      db_proxy_endpoint_name: "dev-readers",
      target_role: "READ_ONLY",
      vpc_subnet_ids: ["subnet-a", "subnet-b"],
      vpc_security_group_ids: [`\${aws_security_group.${group}.id}`],
    });
    const [target] = Object.keys(resources(made, "aws_db_proxy_target"));
    expect(only(made, "aws_db_proxy_endpoint").depends_on).toEqual([`aws_db_proxy_target.${target}`]);
  });
});
