import { describe, expect, test } from "@jest/globals";
import { VerifyAlarms } from "../../../constructs/verify/verify-alarms";
import { resources, synthConstruct } from "../../helpers/construct";

function alarms(longestGapMinutes: number, topicArn?: string) {
  const stack = synthConstruct((scope) => {
    new VerifyAlarms(scope, "alarms", { environmentName: "dev", longestGapMinutes, topicArn });
  });
  const all = Object.values(resources(stack, "aws_cloudwatch_metric_alarm"));
  const named = (name: string) => all.find(({ alarm_name: each }) => each === name) ?? {};
  return { all, drift: named("dev-verify-drift"), notLooking: named("dev-verify-not-looking") };
}

const DAY = 24 * 60;

describe("the alarms on the job that verifies", () => {
  const { all, drift, notLooking } = alarms(DAY);

  test("are two, on metrics of the environment's own", () => {
    expect(all).toHaveLength(2);
    for (const alarm of all) {
      expect(alarm).toMatchObject({ namespace: "aurora-passwordless/dev", statistic: "Maximum" });
    }
    expect([drift.metric_name, notLooking.metric_name]).toEqual(["VerifyFindings", "VerifyLooked"]);
  });

  test("drift is any finding, and stays until a run finds none: between runs there is no value", () => {
    expect(drift).toMatchObject({
      comparison_operator: "GreaterThanThreshold",
      threshold: 0,
      evaluation_periods: 1,
      treat_missing_data: "ignore",
    });
  });

  test("not looking is no run that could, from one to the next and an hour more; no value is as bad as a bad one", () => {
    expect(notLooking).toMatchObject({
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      period: 3600,
      evaluation_periods: 25,
      treat_missing_data: "breaching",
    });
    expect(notLooking).not.toHaveProperty("datapoints_to_alarm");
  });

  test.each([
    [15, 2],
    [60, 2],
    [61, 3],
    [3 * DAY, 73],
    [6 * DAY, 145],
  ])(
    "with runs up to %i min apart it is %i hours, and never more than the week that CloudWatch looks back",
    (gap, hours) => {
      const { notLooking: watched } = alarms(gap);
      expect(watched.evaluation_periods).toBe(hours);
      expect(hours * 3600).toBeLessThanOrEqual(604_800);
    },
  );

  test("notify of trouble and of its end where there is a topic", () => {
    expect(all.some((alarm) => "alarm_actions" in alarm || "ok_actions" in alarm)).toBe(false);
    const topic = "arn:aws:sns:eu-west-1:123456789012:oncall";
    for (const alarm of alarms(DAY, topic).all) {
      expect(alarm).toMatchObject({ alarm_actions: [topic], ok_actions: [topic] });
    }
  });

  test("say what to look at", () => {
    expect(drift.alarm_description).toMatch(/log of the last job/);
    expect(notLooking.alarm_description).toMatch(/kubectl describe cronjob verify/);
  });
});
