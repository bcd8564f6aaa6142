import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { UserError } from "../../../lib/user-error";
import type { PolicyDocument } from "../../../model/aws/policy-document";

/** Text that means itself: no wildcard, no policy variable, no reference that Terraform would have resolved. */
const exact = z.string().regex(/^(?!.*\$\{)[^*?]+$/, "must be exact: without *, ? and ${…}");
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

const statement = { Sid: z.string().optional(), Effect: z.literal("Allow"), Action: oneOrMore(exact) };

/** Conditions on a request; each map holds a key of the request and what that must say. */
const conditions = z.strictObject({
  StringEquals: z.record(exact, oneOrMore(exact)).optional(),
  Bool: z.record(exact, z.literal("true")).optional(),
  // The request must have the key, whatever it says.
  Null: z.record(exact, z.literal("false")).optional(),
});

/** Every condition that is understood. */
export type Conditions = z.infer<typeof conditions>;

const trustStatement = z.strictObject({
  ...statement,
  Principal: z.union([
    z.strictObject({ Federated: oneOrMore(provider) }),
    z.strictObject({ AWS: oneOrMore(principal) }),
  ]),
  Condition: conditions.optional(),
});

const permissionStatement = z.strictObject({ ...statement, Resource: oneOrMore(exact) });

const document = <Statement extends z.ZodType>(each: Statement) =>
  z.strictObject({ Version: z.literal("2012-10-17"), Statement: z.array(each).min(1).readonly() });

/** Who may take a role, as far as this stand-in for IAM understands it; anything else is refused, never ignored. */
export const trustSchema = document(trustStatement);

/** What a role may do; the same. */
export const permissionSchema = document(permissionStatement);

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
  throw new UserError([
    `${what} holds what tools/laptop/token-service cannot decide; write it as one exact Allow, or teach tools/laptop/token-service/policy-schema.ts:`,
    ...(error ? z.prettifyError(error).split("\n") : ["a key named __proto__"]),
  ]);
}
