import { z } from "zod";
import { quote } from "../../lib/nearest";
import { roleOfSession } from "../aws/principals";
import { REGIONS } from "../aws/regions";
import { readUntil } from "./access/until";

/** A DNS label (RFC 1123): what Kubernetes takes as the name of a namespace or ServiceAccount. */
export const dnsLabel = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "must be a DNS label: lower-case letters, digits and hyphens, at most 63, starting and ending with a letter or digit",
  );

/** Key of a service or person; its database user is the key with `-` as `_`, so the mapping is one to one. */
export const identityKey = dnsLabel.regex(
  /^[a-z]/,
  "must start with a letter, since the database user is named after it",
);

/**
 * Name of a database or schema. PostgreSQL allows almost anything in quotes; what is refused here is what would
 * break elsewhere: a dot separates database from schema in `grants`, quotes and control characters hide in reviews.
 */
export const postgresqlName = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_$-]{0,62}$/,
    "must start with a letter or underscore and go on with letters, digits, _, - or $, at most 63",
  );

/** An ARN of one service; the example goes into the message. */
export const arn = (service: string, resource: RegExp, example: string) =>
  z
    .string()
    .regex(
      new RegExp(`^arn:(aws|aws-cn|aws-us-gov):${service}:${resource.source}$`),
      `must be an ARN such as ${example}`,
    );

/** An IAM role or user that a trust policy may name: never a whole account, and no session, whose name anybody chooses. */
export const principalArn = z.string().regex(
  // At most 512 characters of path, and 64 of the name.
  /^arn:(aws|aws-cn|aws-us-gov):iam::\d{12}:(role|user)\/[\w+=,.@/-]{1,576}$/,
  {
    error: ({ input }) => {
      const role = typeof input === "string" ? roleOfSession(input) : undefined;
      const path = role?.includes("/aws-reserved/") ? "" : ", with the role's path if it has one";
      return role
        ? `must be the ARN of a role, not of one of its sessions; write ${role}${path}`
        : "must be an ARN such as arn:aws:iam::123456789012:role/PlatformAdmin, of one role or user";
    },
  },
);

/** The id of an EC2 resource, such as vpc-0123456789abcdef0. */
export const ec2Id = (prefix: "sg" | "subnet" | "vpc") =>
  z
    .string()
    .regex(
      new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`),
      `must be an id such as ${prefix}-0123456789abcdef0`,
    );

/** A whole number in a range. Whatever is wrong with it is said by one sentence. */
export const whole = (min: number, max: number) => {
  const must = `must be a whole number from ${min} to ${max}`;
  return z.int(must).min(min, must).max(max, must);
};

/** An AWS account. */
export const accountId = z
  .string()
  .regex(/^\d{12}$/, 'must be the 12 digits of an AWS account id, in quotes: "123456789012"');

/** Why something may be that otherwise may not. */
export const reasonWhy = z
  .string()
  .regex(/^\S.{0,254}$/, "must say why, in a line of at most 255 characters");

/** When something ends: a day or an instant. */
export const until = z.string().superRefine((text, context) => {
  const read = readUntil(text);
  if ("problem" in read) context.addIssue({ code: "custom", message: read.problem });
});

/** A region of {@link REGIONS}. */
export const region = z.enum(REGIONS, "must be an AWS region").meta({ examples: ["eu-west-1"] });

/** An IPv4 block; what else it must be depends on where it is. */
export const cidr = z.cidrv4("must be an IPv4 CIDR block such as 10.40.0.0/16");

/**
 * Days a CloudWatch log group may keep its events.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const logRetentionDays = z.literal([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

/** A list in which nothing may come twice. */
export function distinct<List extends z.ZodArray>(list: List): List {
  return list
    .check(({ value, issues }) => {
      const seen = new Set<unknown>();
      for (const [index, item] of value.entries()) {
        const message = `${quote(item)} is listed twice; remove one`;
        if (seen.has(item)) issues.push({ code: "custom", path: [index], input: value, message });
        seen.add(item);
      }
    })
    .meta({ uniqueItems: true });
}

/** A map that holds something. */
export function notEmpty<Map extends z.ZodRecord>(map: Map, must: string): Map {
  return map.refine((value) => Object.keys(value).length > 0, must);
}
