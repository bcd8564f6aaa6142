import { describe, expect, test } from "@jest/globals";
import { problemsWith } from "../mistakes";

describe("tags and a state bucket that AWS would not take", () => {
  test.each<[string, string]>([
    ["tags: { Name: x }", '11:9: the tag "Name" is set by the project'],
    ["tags: { Team: x, team: y }", '11:18: the tag "team" differs from another only in case'],
    ["tags: { 'aws:x': y }", '11:9: the name "aws:x" must not start with aws:'],
    ["backend: { bucket: My_Bucket, region: eu-west-1 }", "11:20: must be the name of an S3 bucket"],
  ])("%s is refused", (yaml, problem) => {
    const problems = problemsWith(yaml);
    expect(problems.join("\n")).toContain(problem);
    expect(problems).toHaveLength(1);
  });
});
