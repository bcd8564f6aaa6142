import { describe, expect, test } from "@jest/globals";
import { problemsWith } from "../mistakes";

describe("a database that Aurora does not offer", () => {
  test.each<[string, string]>([
    ["database: { deletionProtection: yes }", '11:33: must be true or false, got: "yes"'],
    ["database: { readers: -1 }", "11:22: must be a whole number from 0 to 15, got: -1"],
    ["database: { readers: 1.5 }", "11:22: must be a whole number from 0 to 15, got: 1.5"],
    ["database: { engineVersion: 17.10 }", '11:28: must be text; put it in quotes: "17.10"'],
    ["database: { engineVersion: '14.9' }", "11:28: must be an Aurora PostgreSQL version from 15 on"],
    [
      "database: { capacity: big }",
      "11:23: must be serverless { minAcu, maxAcu } or provisioned { instanceClass }",
    ],
    [
      "database: { caBundle: nowhere.pem }",
      '11:23: "nowhere.pem": there is no such file or folder; the path is relative to this file',
    ],
  ])("%s is refused", (yaml, problem) => {
    const problems = problemsWith(yaml);
    expect(problems.join("\n")).toContain(problem);
    expect(problems).toHaveLength(1);
  });
});
