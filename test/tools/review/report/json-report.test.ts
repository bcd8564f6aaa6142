import { expect, test } from "@jest/globals";
import { jsonReport } from "../../../../tools/review/report/json-report";
import { ONE_GRANT, reviewOf } from "./made";

test("the JSON of a review is the same text for the same review, and has no plan in it", () => {
  const counts = { removed: 0, replaced: 0, changed: 1, added: 0, stack: "dev-access" };
  const also = [{ kind: "access-lost", subject: "a", text: "a: less" }] as const;
  const review = reviewOf(
    { dev: [{ content: { policy: 1 }, also, ...ONE_GRANT }], prod: [] },
    [counts],
    also,
  );
  expect(jsonReport(review)).toBe(
    JSON.stringify(
      {
        version: 1,
        outcome: "approval needed",
        digest: review.digest,
        base: "a8f9b43",
        head: "working tree",
        findings: [
          { decision: "notify", effect: "narrowed", kind: "access-lost", subject: "a", text: "a: less" },
        ],
        environments: [
          {
            name: "dev",
            account: "123456789012",
            region: "eu-west-1",
            findings: [
              {
                decision: "approve",
                effect: "widened",
                ...ONE_GRANT,
                also: [{ effect: "narrowed", kind: "access-lost", subject: "a", text: "a: less" }],
              },
            ],
            stacks: [{ stack: "dev-access", added: 0, changed: 1, replaced: 0, removed: 0 }],
          },
          { name: "prod", account: "123456789012", region: "eu-west-1", findings: [], stacks: [] },
        ],
      },
      null,
      2,
    ),
  );
});

test("the JSON of an environment that cannot be read has no account, and one that is gone has that of before", () => {
  const [dev] = reviewOf({ dev: [ONE_GRANT] }).environments;
  const parsed = (environment: object) =>
    JSON.parse(
      jsonReport({
        ...reviewOf({}),
        environments: [{ name: "dev", findings: [], counts: [], ...environment }],
      }),
    );
  expect(parsed({}).environments).toEqual([{ name: "dev", findings: [], stacks: [] }]);
  expect(parsed({ before: dev?.before }).environments[0].account).toBe("123456789012");
});
