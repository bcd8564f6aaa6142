import { z } from "zod";
import { accountId, reasonWhy, region } from "../fields";
import { WARNINGS } from "../warnings";

/** Text that AWS accepts in tags everywhere; anything else fails at apply, some of it only in some services. */
const TAG_TEXT = /^[\p{L}\p{N} _.:/=+@-]*$/u;

const tagText = (max: number) =>
  z
    .string()
    .max(max)
    .regex(TAG_TEXT, "must be letters, digits, spaces and _ . : / = + - @ only (AWS tag rules)");

const tagKey = tagText(128)
  .min(1)
  .regex(/^(?!aws:)/i, "must not start with aws:, which AWS keeps for itself");

/** Keys at the top of the file that are about the environment as a whole. */
export const settings = {
  name: z
    .string()
    .regex(
      // Security groups are named after it, and EC2 refuses names that start with sg-.
      /^(?!sg(-|$))[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/,
      "must be 1 to 12 lower-case letters, digits and hyphens, starting with a letter (but not with sg-) and not ending with a hyphen",
    )
    .meta({
      description: "Prefix of stack ids and resource names",
      examples: ["dev"],
      later: "It cannot change later: another name is another environment",
    }),
  account: accountId.meta({
    description: "AWS account id, in quotes; Terraform refuses to touch any other account",
    examples: ["123456789012"],
    later: "It cannot change later: another account is another environment",
  }),
  region: region.meta({
    description: "AWS region; the partition (aws, aws-cn, aws-us-gov) follows from it",
    later: "It cannot change later: another region is another environment",
  }),
  tags: z
    .record(
      tagKey.meta({ title: "tag", description: "A tag's key" }),
      tagText(256).meta({ description: "The tag's value", examples: ["platform"] }),
    )
    .refine((tags) => Object.keys(tags).length <= 40, "must hold at most 40 tags (AWS allows 50 in all)")
    .default({})
    .meta({
      description: "Tags on every resource, beside those the project sets itself",
      omitted: "none",
      examples: [{ team: "platform" }],
    }),
  backend: z
    .strictObject({
      bucket: z
        .string()
        .regex(
          /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
          "must be the name of an S3 bucket: 3 to 63 lower-case letters, digits, dots and hyphens",
        )
        .meta({
          description: "S3 bucket that holds the state files, versioned and encrypted",
          examples: ["acme-terraform-state"],
        }),
      region: region.meta({ description: "The bucket's region" }),
    })
    .optional()
    .meta({
      description: "Where Terraform keeps its state: S3, with a lock file",
      omitted: "local files, for trials only",
      examples: [{ bucket: "acme-terraform-state", region: "eu-west-1" }],
    }),
  acceptedWarnings: z
    .strictObject(
      Object.fromEntries(
        Object.entries(WARNINGS).map(([kind, about]) => [
          kind,
          reasonWhy.optional().meta({
            description: `Why this may be: ${about}`,
            omitted: "it is said",
            examples: ["they were there before us"],
          }),
        ]),
      ),
    )
    .default({})
    .meta({
      description:
        "Kinds of warnings that are meant, each with why; they are then in access.md alone, with the reason",
      omitted: "none",
      examples: [{ "name-in-quotes": "they were there before us" }],
    }),
};
