import { describe, expect, test } from "@jest/globals";
import { MINIMAL, problemsOf } from "../../../helpers/environment";
import { problemsWith } from "../mistakes";

describe("tags and a state bucket that AWS would not take", () => {
  test.each<[string, string]>([
    ["tags: { Name: x }", '11:9: the tag "Name" is set by the project'],
    ["tags: { Team: x, team: y }", '11:18: the tag "team" differs from another only in case'],
    ["tags: { 'aws:x': y }", '11:9: the name "aws:x" must not start with aws:'],
    ["backend: { bucket: My_Bucket, region: eu-west-1 }", "11:20: must be the name of an S3 bucket"],
    ...[
      ["192.168.5.4", "is written like an IP address"],
      ["a..b", "has two dots in a row"],
      ["a.-b", "has a hyphen beside a dot"],
      ["a-.b", "has a hyphen beside a dot"],
      ["xn--state", "starts with xn--, which S3 keeps for itself"],
      ["sthree-state", "starts with sthree-"],
      ["amzn-s3-demo-state", "starts with amzn-s3-demo-"],
      ["state-s3alias", "ends with -s3alias"],
      ["state--ol-s3", "ends with --ol-s3"],
      ["state.mrap", "ends with .mrap"],
      ["state--use1-az4--x-s3", "ends with --x-s3"],
      ["state--table-s3", "ends with --table-s3"],
    ].map(([bucket, reason]): [string, string] => [
      `backend: { bucket: "${bucket}", region: eu-west-1 }`,
      `11:20: "${bucket}" ${reason}`,
    ]),
  ])("%s is refused", (yaml, problem) => {
    const problems = problemsWith(yaml);
    expect(problems.join("\n")).toContain(problem);
    expect(problems).toHaveLength(1);
  });
});

test("a bucket may have dots and hyphens elsewhere", () => {
  expect(problemsWith("backend: { bucket: acme.terraform-state.2026, region: eu-west-1 }")).toEqual([]);
});

test("an account of zeros is a placeholder", () => {
  expect(problemsOf(MINIMAL.replace("123456789012", "000000000000"))).toEqual([
    '2:10: "000000000000" is no account; aws sts get-caller-identity prints the id of yours',
  ]);
});
