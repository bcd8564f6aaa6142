import { z } from "zod";
import { distinct, identityKey, principalArn } from "../fields";
import { grants } from "./grants";

const person = z
  .strictObject({
    principals: distinct(z.array(principalArn).min(1)).meta({
      description: "IAM roles or users that may assume this identity's role",
      examples: [["arn:aws:iam::123456789012:role/OnCall"]],
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
    grants,
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
