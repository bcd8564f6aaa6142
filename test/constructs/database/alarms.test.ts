import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { alarmRules, manyConnections } from "../../../constructs/database/alarm-rules";
import { DatabaseAlarms } from "../../../constructs/database/database-alarms";
import { resources, synthConstruct } from "../../helpers/construct";

const SERVERLESS = { minAcu: 0.5, maxAcu: 8 };
const PROVISIONED = { instanceClass: "db.r8g.large" };
const ids = (...parameters: Parameters<typeof alarmRules>) => alarmRules(...parameters).map(({ id }) => id);

describe("which alarms a cluster has", () => {
  test.each([
    ["a serverless cluster", SERVERLESS],
    ["a provisioned cluster", PROVISIONED],
  ])("%s watches every way an IAM login fails, on each instance", (_, capacity) => {
    const watched = alarmRules(capacity, 0).filter(({ of }) => of === "instance");
    expect(watched.map(({ metric }) => metric).sort()).toEqual([
      "IamDbAuthConnectionFailure",
      "IamDbAuthConnectionFailureInsufficientPermissions",
      "IamDbAuthConnectionFailureInvalidToken",
      "IamDbAuthConnectionFailureServerError",
      "IamDbAuthConnectionFailureThrottling",
    ]);
  });

  test("one denied login is enough, since nobody is denied who is set up right", () => {
    expect(alarmRules(SERVERLESS, 0).find(({ id }) => id === "iam-login-denied")).toMatchObject({
      statistic: "Sum",
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      periods: 1,
    });
  });

  test("none sends people to the console of Performance Insights, which is no more", () => {
    const texts = [...alarmRules(SERVERLESS, 1), ...alarmRules(PROVISIONED, 1)].map(
      ({ description }) => description,
    );
    expect(texts.join("\n")).toContain("CloudWatch Database Insights");
    expect(texts.join("\n")).not.toContain("Performance Insights");
  });

  test("lag is watched only where there is a reader", () => {
    expect(ids(SERVERLESS, 0)).not.toContain("readers-lag");
    expect(ids(SERVERLESS, 1)).toContain("readers-lag");
  });

  test("capacity and connections are watched where their limits are known: on serverless clusters", () => {
    expect(ids(SERVERLESS, 0)).toEqual(expect.arrayContaining(["capacity-exhausted", "connections-many"]));
    expect(ids(PROVISIONED, 0)).not.toContain("capacity-exhausted");
    expect(ids(PROVISIONED, 0)).not.toContain("connections-many");
    expect(ids(PROVISIONED, 0)).toContain("local-storage-low");
  });

  // Limits that AWS documents for ranges of capacity.
  test.each([
    [{ minAcu: 0.5, maxAcu: 1 }, 189],
    [{ minAcu: 1, maxAcu: 4 }, 823],
    [{ minAcu: 0, maxAcu: 16 }, 2000],
    [{ minAcu: 1, maxAcu: 16 }, 3360],
    [{ minAcu: 2, maxAcu: 256 }, 5000],
  ])("%j warns between 70 and 85 % of the %i connections it accepts", (capacity, limit) => {
    expect(manyConnections(capacity) / limit).toBeGreaterThan(0.7);
    expect(manyConnections(capacity) / limit).toBeLessThan(0.85);
  });

  test("each has a name of its own and says where to look, within CloudWatch's 1,024 characters", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(SERVERLESS, PROVISIONED),
        fc.integer({ min: 0, max: 15 }),
        (capacity, readers) => {
          const rules = alarmRules(capacity, readers);
          expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
          for (const { description } of rules) {
            expect(description).toMatch(/\blook\b/i);
            expect(description.length).toBeLessThanOrEqual(1024);
          }
        },
      ),
    );
  });
});

describe("the alarms of a cluster", () => {
  const topicArn = "arn:aws:sns:eu-west-1:123456789012:oncall";
  const synth = (topic?: string) =>
    Object.values(
      resources(
        synthConstruct((stack) => {
          new DatabaseAlarms(stack, "alarms", {
            environmentName: "dev",
            instanceIdentifiers: ["dev-1", "dev-2"],
            rules: alarmRules(SERVERLESS, 1),
            topicArn: topic,
          });
        }),
        "aws_cloudwatch_metric_alarm",
      ),
    );
  const named = (name: string) => synth().find((alarm) => alarm.alarm_name === name);

  test("of the cluster survive a failover: they name no instance", () => {
    expect(named("dev-database-cpu-high")?.dimensions).toEqual({ DBClusterIdentifier: "dev" });
  });

  test("on IAM logins name the instance", () => {
    expect(named("dev-database-1-iam-login-denied")?.dimensions).toEqual({ DBInstanceIdentifier: "dev-1" });
    expect(named("dev-database-2-iam-login-denied")?.dimensions).toEqual({ DBInstanceIdentifier: "dev-2" });
  });

  test("do not go off because nothing happens", () => {
    for (const alarm of synth()) expect(alarm.treat_missing_data).toBe("notBreaching");
  });

  test("notify the topic of trouble and of its end", () => {
    const alarms = synth(topicArn);
    expect(alarms).toHaveLength(synth().length);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({ alarm_actions: [topicArn], ok_actions: [topicArn] });
    }
  });

  test("only show in CloudWatch without a topic", () => {
    for (const alarm of synth()) {
      expect(alarm).not.toHaveProperty("alarm_actions");
      expect(alarm).not.toHaveProperty("ok_actions");
    }
  });
});
