import { z } from "zod";
import { distinct, identityKey, principalArn, until } from "../fields";
import { endpoint } from "./endpoint";
import { grants } from "./grants";
import { limits } from "./limits";

/**
 * What STS takes as a session's name (RoleSessionName). Nothing of it means more than itself in a policy's pattern (`*`, `?`,
 * `$`), nor in a file that Terraform reads.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
const memberName = z
  .string()
  .regex(
    /^[A-Za-z0-9_+=,.@-]{2,64}$/,
    "must be what their session in AWS is called, such as anna@acme.com: 2 to 64 letters, digits and _+=,.@-",
  );

/**
 * Why people have access. IAM takes these characters in the description of a role; that has room for 1,000.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
const whyPeople = z
  .string()
  .regex(
    /^(?! )[\u0020-\u007e\u00a1-\u00ff]{1,250}(?<! )$/,
    "must say why in a line of 1 to 250 characters that IAM takes in a description: Latin letters, digits and signs (ISO 8859-1)",
  );

const person = z
  .strictObject({
    principals: distinct(z.array(principalArn).min(1)).meta({
      description: "IAM roles or users that may assume this identity's role",
      examples: [["arn:aws:iam::123456789012:role/OnCall"]],
    }),
    members: distinct(
      z.array(memberName).min(1, "must name somebody; leave it out for a database user that all share"),
    )
      .optional()
      .meta({
        description:
          "Names of the people, as their sessions in AWS are called: each gets a database user of their own. Their principals must be roles",
        omitted: "all share one database user",
        examples: [["anna@acme.com", "ben@acme.com"]],
      }),
    requireMfa: z
      .boolean()
      .default(false)
      .meta({
        description:
          "Only with a second factor: for IAM users; sessions of IAM Identity Center never say that they had one",
        examples: [true],
      }),
    requireSourceIdentity: z
      .boolean()
      .default(false)
      .meta({
        description: "Only with a source identity, which CloudTrail then has in every event of the session",
        examples: [true],
      }),
    until: until.optional().meta({
      description:
        "When its access ends, by itself: the last day, in UTC, or an instant with its zone. A connection that is open then goes on",
      omitted: "it does not end",
      examples: ["2026-12-31", "2026-12-31T18:00:00+01:00"],
    }),
    reason: whyPeople.optional().meta({
      description: "Why they have access, for access.md, the IAM role's description and reviews",
      omitted: "not said",
      examples: ["Production support, OPS-1234"],
    }),
    endpoint,
    grants,
    ...limits,
  })
  .meta({
    title: "group of people",
    description: "People who log in as one database user, by an IAM role that their principals may assume",
    examples: [
      { principals: ["arn:aws:iam::123456789012:role/OnCall"], grants: { "shop.orders": "read-only" } },
    ],
  });

/** Groups of people: `access.people`. */
export const people = z
  .record(
    identityKey.meta({ title: "group of people", description: "Name of the group", doNotSuggest: true }),
    person,
  )
  .default({})
  .meta({
    description: "Groups of people by name; each gets an IAM role to assume and a database user",
    omitted: "none",
    examples: [
      {
        "on-call": {
          principals: ["arn:aws:iam::123456789012:role/OnCall"],
          grants: { "shop.orders": "read-only" },
        },
      },
    ],
    defaultSnippets: [
      {
        label: "group of people",
        description: "Who may assume a role, and what it may do",
        body: {
          "${1:on-call}": {
            principals: ["${2:arn:aws:iam::123456789012:role/OnCall}"],
            grants: { "${3:shop.orders}": "${4:read-write}" },
          },
        },
      },
    ],
  });
