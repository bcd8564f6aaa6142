import { describe, expect, test } from "@jest/globals";
import { policyEffects } from "../../../../tools/review/infrastructure/policies";
import { changed, type Json, kinds, lines, resource } from "./stacks";

const allow = (more: Json = {}) => ({
  Effect: "Allow",
  Action: ["s3:GetObject", "s3:PutObject"],
  Resource: "arn:a",
  ...more,
});
const deny = (more: Json = {}) => allow({ Effect: "Deny", ...more });
const policy = (...statements: Json[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const trust = (more: Json = {}) => ({
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal: { AWS: ["arn:one", "arn:two"] },
  ...more,
});

/** A policy, another, and what it is to go from one to the other, and back. */
const CASES: readonly (readonly [
  what: string,
  before: string,
  after: string,
  there: string,
  back: string,
])[] = [
  ["an action less", policy(allow()), policy(allow({ Action: "s3:GetObject" })), "narrowed", "widened"],
  ["an action for a pattern", policy(allow({ Action: "s3:*" })), policy(allow()), "narrowed", "widened"],
  [
    "a pattern for a wider one",
    policy(allow({ Action: "s3:*" })),
    policy(allow({ Action: "s3:Get*" })),
    "narrowed",
    "widened",
  ],
  [
    "a pattern for one that only looks wider",
    policy(allow({ Action: "s3:Get?" })),
    policy(allow({ Action: "s3:Get*" })),
    "widened",
    "narrowed",
  ],
  [
    "a pattern with a dot in it",
    policy(allow({ Resource: "arn.*" })),
    policy(allow({ Resource: "arnx1" })),
    "widened",
    "widened",
  ],
  [
    "a resource less",
    policy(allow({ Resource: ["arn:a", "arn:b"] })),
    policy(allow()),
    "narrowed",
    "widened",
  ],
  ["another resource", policy(allow()), policy(allow({ Resource: "arn:b" })), "widened", "widened"],
  [
    "a statement less",
    policy(allow(), allow({ Action: "s3:ListBucket" })),
    policy(allow()),
    "narrowed",
    "widened",
  ],
  ["a Deny more", policy(allow()), policy(allow(), deny()), "narrowed", "widened"],
  [
    "a Deny of more",
    policy(allow(), deny({ Action: "s3:GetObject" })),
    policy(allow(), deny()),
    "narrowed",
    "widened",
  ],
  ["an Allow for a Deny", policy(deny()), policy(allow()), "widened", "narrowed"],
  [
    "a principal less",
    policy(trust()),
    policy(trust({ Principal: { AWS: "arn:one" } })),
    "narrowed",
    "widened",
  ],
  [
    "a principal of another kind",
    policy(trust()),
    policy(trust({ Principal: { Service: "arn:one" } })),
    "widened",
    "widened",
  ],
  ["everybody", policy(trust()), policy(trust({ Principal: "*" })), "widened", "narrowed"],
  ["everybody in AWS", policy(trust()), policy(trust({ Principal: { AWS: "*" } })), "widened", "narrowed"],
  [
    "a condition more",
    policy(trust()),
    policy(trust({ Condition: { StringEquals: { "aws:SourceAccount": "1" } } })),
    "narrowed",
    "widened",
  ],
  [
    "a value less in a condition",
    policy(trust({ Condition: { StringEquals: { a: ["1", "2"] } } })),
    policy(trust({ Condition: { StringEquals: { a: "1" } } })),
    "narrowed",
    "widened",
  ],
  [
    "a value less in a condition that excludes",
    policy(trust({ Condition: { StringNotEquals: { a: ["1", "2"] } } })),
    policy(trust({ Condition: { StringNotEquals: { a: "1" } } })),
    "widened",
    "widened",
  ],
  [
    "another operator",
    policy(trust({ Condition: { StringEquals: { a: "1" } } })),
    policy(trust({ Condition: { StringLike: { a: "1" } } })),
    "widened",
    "widened",
  ],
  [
    "a condition of a Deny less",
    policy(allow(), deny({ Condition: { Bool: { "aws:SecureTransport": "false" } } })),
    policy(allow(), deny()),
    "narrowed",
    "widened",
  ],
  [
    "what it is not about",
    policy(allow()),
    policy(allow({ Action: undefined, NotAction: "iam:*" })),
    "widened",
    "widened",
  ],
  [
    "something else that it is not about",
    policy(allow({ Action: undefined, NotAction: "iam:*" })),
    policy(allow({ Action: undefined, NotAction: "s3:*" })),
    "widened",
    "widened",
  ],
  [
    "another version of the language",
    policy(allow()),
    policy(allow()).replace("2012-10-17", "2008-10-17"),
    "widened",
    "widened",
  ],
  ["no policy", policy(allow()), "", "widened", "widened"],
  ["a statement that is none", policy(allow()), policy("x"), "widened", "widened"],
  ["an effect that there is not", policy(allow()), policy(allow({ Effect: "Permit" })), "widened", "widened"],
];

describe.each(CASES)("%s", (_, before, after, there, back) => {
  test(`is ${there}, and back ${back}`, () => {
    expect(kind(before, after)).toBe(`policy-${there}`);
    expect(kind(after, before)).toBe(`policy-${back}`);
  });
});

test.each<[string, string]>([
  ["another order of statements", policy(allow({ Action: "s3:ListBucket" }), allow())],
  [
    "another order of actions",
    policy(allow({ Action: ["s3:PutObject", "s3:GetObject"] }), allow({ Action: "s3:ListBucket" })),
  ],
  ["another name of a statement", policy(allow({ Sid: "Other" }), allow({ Action: ["s3:ListBucket"] }))],
  [
    "other white space",
    JSON.stringify(JSON.parse(policy(allow(), allow({ Action: "s3:ListBucket" }))), null, 2),
  ],
  ["one statement for two", policy(allow({ Action: ["s3:GetObject", "s3:PutObject", "s3:ListBucket"] }))],
  ["actions in another case", policy(allow(), allow({ Action: "S3:listbucket" }))],
])("%s says the same", (_, other) => {
  const before = policy(allow(), allow({ Action: "s3:ListBucket" }));
  expect(kind(before, other)).toBe("resource-changed");
  expect(kind(other, before)).toBe("resource-changed");
});

test("what is gained and lost is named, wildcards by name", () => {
  const effects = policyEffects(
    "aws_iam_role_policy",
    { policy: policy(allow({ Condition: { StringEquals: { a: "1" } } }), deny()) },
    { policy: policy(allow({ Action: ["s3:GetObject", "s3:*"], Resource: "arn:b" })) },
  );
  expect(effects).toEqual([
    {
      kind: "policy-widened",
      says: "policy allows more, or other things (gains action s3:*; on arn:b; loses action s3:PutObject; on arn:a; no longer denies action s3:GetObject, s3:PutObject; on arn:a; no longer only if StringEquals a 1; wildcards s3:*)",
      details: [
        'before: {"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:a","Condition":{"StringEquals":{"a":"1"}}}',
        'before: {"Effect":"Deny","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:a"}',
        'after: {"Effect":"Allow","Action":["s3:GetObject","s3:*"],"Resource":"arn:b"}',
      ],
      tells: [["policy"]],
    },
  ]);
});

test("a policy is compared wherever it is: of a role, of a key, of an endpoint", () => {
  const set = (type: string, path: string, attribute: string) => (stack: Json) => {
    const body = resource(stack, type, path);
    body[attribute] = body[attribute].replace(/"Action":"?\[?"[^"]+"/, (text: string) =>
      text.replace(/"$/, 'x"'),
    );
  };
  expect(kinds(changed("dev-eks", set("aws_iam_role", "eks/role/role", "assume_role_policy")))).toEqual([
    "policy-widened",
  ]);
  expect(kinds(changed("dev-eks", set("aws_kms_key", "eks/encryption/key", "policy")))).toEqual([
    "policy-widened",
  ]);
});

describe("without a policy", () => {
  const without = (stack: Json, type: string, path: string) => delete resource(stack, type, path).policy;

  test("an endpoint lets everything through, and a key has what AWS writes: both ask", () => {
    expect(
      kinds(changed("dev-network", (stack) => without(stack, "aws_vpc_endpoint", "endpoints/s3"))),
    ).toEqual(["policy-widened"]);
    expect(kinds(changed("dev-eks", (stack) => without(stack, "aws_kms_key", "eks/encryption/key")))).toEqual(
      ["policy-widened"],
    );
  });

  test("what had none is narrower with one, but for a key, whose own may be less", () => {
    expect(policyEffects("aws_vpc_endpoint", {}, { policy: policy(allow()) })[0]?.kind).toBe(
      "policy-narrowed",
    );
    expect(policyEffects("aws_kms_key", {}, { policy: policy(allow()) })[0]?.kind).toBe("policy-widened");
    expect(policyEffects("aws_iam_role_policy", {}, { policy: policy(deny()) })[0]?.kind).toBe(
      "policy-narrowed",
    );
  });

  test("a new key's policy is all new, in words", () => {
    expect(policyEffects("aws_kms_key", undefined, { policy: policy(allow()) })[0]?.says).toBe(
      "policy allows more, or other things (gains action s3:GetObject, s3:PutObject; on arn:a)",
    );
  });
});

test("a policy that others refer to by a local name is compared as one", () => {
  const { findings } = changed("dev-eks", (stack) => {
    stack.locals = { ...stack.locals, policy: policy(allow()) };
  });
  expect(lines(findings)).toEqual([
    expect.stringMatching(/^policy-widened dev-eks locals\.policy: the policy allows more, or other things/),
  ]);
});

test("a policy of very many names is not looked through, and asks", () => {
  const many = Array.from({ length: 200 }, (_, index) => `s3:Action${index}`);
  const wide = policy(allow({ Action: many, Resource: many }));
  const narrow = policy(allow({ Action: many.slice(1), Resource: many }));
  expect(kind(wide, narrow)).toBe("policy-widened");
});

function kind(before: string, after: string): string | undefined {
  const effects = policyEffects("aws_iam_role_policy", { policy: before }, { policy: after });
  return effects.length === 1 ? effects[0]?.kind : JSON.stringify(effects);
}
