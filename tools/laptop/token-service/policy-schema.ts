import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { UserError } from "../../../lib/user-error";
import { WITH_SESSION_NAME } from "../../../model/aws/people-policies";
import type { PolicyDocument } from "../../../model/aws/policy-document";

/** Text that means itself: no wildcard, no policy variable, no reference that Terraform would have resolved. */
const exact = z.string().regex(/^(?!.*\$\{)[^*?]+$/s, "must be exact: without *, ? and ${…}");
const oneOrMore = <Text extends z.ZodType<string>>(text: Text) =>
  z.union([text, z.array(text).min(1).readonly()]);

/** A role or a user; a whole account (`…:root`) would leave the decision to policies that are not here. */
const principal = exact.regex(
  /^arn:[\w-]+:iam::\d{12}:(role|user)\/.+$/,
  "must be the ARN of a role or user",
);
const provider = exact.regex(
  /^arn:[\w-]+:iam::\d{12}:oidc-provider\/.+$/,
  "must be the ARN of an OIDC provider",
);

/** A service of AWS, such as `lambda.amazonaws.com`. */
const service = z
  .string()
  .regex(/^[a-z][a-z0-9.-]*\.amazonaws\.com(\.cn)?$/, "must be the principal of a service of AWS");

const sid = z.string().optional();
const statement = { Sid: sid, Effect: z.literal("Allow"), Action: oneOrMore(exact) };

/** Whatever comes before a colon, and then exactly this: a text, or the name that is asked for the session. */
const anyBefore = z
  .string()
  .regex(
    /^\*:(\$\{sts:RoleSessionName\}|(?!.*\$\{)[^*?]+)$/s,
    `must be *: and then exact, or ${WITH_SESSION_NAME}`,
  );

/** All that a service has in one account and region, whatever it is: `arn:aws:ecs:eu-west-1:123456789012:*`. */
const ofAccount = z
  .string()
  .regex(
    /^arn:[\w-]+:[\w-]+:[\w-]+:\d{12}:\*$/,
    "must be all of a service in one account and region, as arn:aws:ecs:eu-west-1:123456789012:*",
  );

/** In UTC, to the second; other forms mean the same to IAM. */
const instant = z.iso.datetime({ precision: 0, error: "must be an instant such as 2026-12-31T18:00:00Z" });

/** Conditions that are also understood of what a role may do: whose session it is, and until when. */
const ofSessions = {
  StringLike: z.strictObject({ "aws:userid": oneOrMore(anyBefore) }).optional(),
  DateLessThan: z.strictObject({ "aws:CurrentTime": instant }).optional(),
};

/** What asks for nothing would be met by everybody. */
const asksFor = <Part extends z.ZodType<object>>(part: Part) =>
  part.refine((each) => Object.keys(each).length > 0, "must ask for something").optional();

/** A map of keys of the request, and what each must say. */
const keys = <Asked extends z.ZodType>(asked: Asked) => asksFor(z.record(exact, asked));

/** Conditions on who asks for a role. */
const conditions = asksFor(
  z.strictObject({
    StringEquals: keys(oneOrMore(exact)),
    ArnLike: z.strictObject({ "aws:SourceArn": oneOrMore(ofAccount) }).optional(),
    Bool: keys(z.literal("true")),
    // The request must have the key, whatever it says.
    Null: keys(z.literal("false")),
    ...ofSessions,
  }),
);

/** Every condition that is understood. */
export type Conditions = NonNullable<z.infer<typeof conditions>>;

const trustStatement = z.strictObject({
  ...statement,
  Principal: z.union([
    z.strictObject({ Federated: oneOrMore(provider) }),
    z.strictObject({ AWS: oneOrMore(principal) }),
    z.strictObject({ Service: oneOrMore(service) }),
  ]),
  Condition: conditions,
});

/** What lets somebody connect; all that is decided here of what a role may do. */
const connectStatement = z.strictObject({
  ...statement,
  Action: z.literal("rds-db:connect"),
  Resource: oneOrMore(exact),
  Condition: asksFor(z.strictObject(ofSessions)),
});

/**
 * What is about other services, whatever it says of them: each of its actions is exact, and none is about the database or
 * about taking roles.
 */
const elsewhere = z.strictObject({
  Sid: sid,
  Effect: z.enum(["Allow", "Deny"]),
  Action: oneOrMore(
    z
      .string()
      .regex(/^(cloudwatch|ec2|ssm):[A-Za-z]+$/, "must be an action of CloudWatch, EC2 or Systems Manager"),
  ),
  Resource: oneOrMore(z.string()),
  Condition: z.record(z.string(), z.record(z.string(), oneOrMore(z.string()))).optional(),
});

const permissionStatement = z.union([connectStatement, elsewhere]);

const document = <Statement extends z.ZodType>(each: Statement) =>
  z.strictObject({ Version: z.literal("2012-10-17"), Statement: z.array(each).min(1).readonly() });

/** Who may take a role, as far as this stand-in for IAM understands it; anything else is refused, never ignored. */
export const trustSchema = document(trustStatement);

/** What a role may do; the same. */
export const permissionSchema = document(permissionStatement);

/** The statements of what a role may do that say whether somebody may connect. */
export function connectStatements(policy: z.infer<typeof permissionSchema>) {
  return policy.Statement.flatMap((each) => connectStatement.safeParse(each).data ?? []);
}

/** A policy document as a schema understands it; undefined when it does not, or not all of it. */
export function understood<Policy>(schema: z.ZodType<Policy>, value: unknown): Policy | undefined {
  const { data } = schema.safeParse(value);
  // zod leaves out a key named __proto__: a condition by that name would be gone, and so be met.
  return isDeepStrictEqual(data, value) ? data : undefined;
}

/**
 * Reads a policy document.
 * @param what the policy, for the error's first words
 * @throws UserError when it holds what is not understood here, such as Deny, NotAction, a wildcard or another operator
 */
export function readPolicy(schema: z.ZodType<PolicyDocument>, what: string, value: unknown): PolicyDocument {
  const policy = understood(schema, value);
  if (policy) return policy;
  const { error } = schema.safeParse(value);
  const reasons = (error?.issues ?? []).flatMap((issue) =>
    issue.code === "invalid_union" ? issue.errors.flat().map(({ message }) => message) : [],
  );
  throw new UserError([
    `${what} holds what tools/laptop/token-service cannot decide; write it as one exact Allow, or teach tools/laptop/token-service/policy-schema.ts:`,
    ...(error ? z.prettifyError(error).split("\n") : ["a key named __proto__"]),
    ...new Set(reasons),
  ]);
}
