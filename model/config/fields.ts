import { z } from "zod";
import { REGIONS } from "../aws/regions";

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

/** An IAM role or user that a trust policy may name: never a whole account. */
export const principalArn = arn(
  "iam",
  /:\d{12}:(role|user)\/[\w+=,.@/-]{1,512}/,
  "arn:aws:iam::123456789012:role/PlatformAdmin, of one role or user",
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

/** A region of {@link REGIONS}. */
export const region = z.enum(REGIONS, "must be an AWS region");

/** An IPv4 block; what else it must be depends on where it is. */
export const cidr = z.cidrv4("must be an IPv4 CIDR block such as 10.40.0.0/16");

/**
 * Days a CloudWatch log group may keep its events.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const logRetentionDays = z.literal([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

/** Text that AWS accepts in tags everywhere; anything else fails at apply, some of it only in some services. */
const TAG_TEXT = /^[\p{L}\p{N} _.:/=+@-]*$/u;
/** A tag's key or value. */
export const tagText = (max: number) =>
  z
    .string()
    .max(max)
    .regex(TAG_TEXT, "must be letters, digits, spaces and _ . : / = + - @ only (AWS tag rules)");
/** A tag's key. */
export const tagKey = tagText(128)
  .min(1)
  .regex(/^(?!aws:)/i, "must not start with aws:, which AWS keeps for itself");

/** A name in an image's path, and what fixes its content. */
const IMAGE_NAME = "[a-z0-9]+(([.]|__?|-+)[a-z0-9]+)*";
const DIGEST = "@sha256:[0-9a-f]{64}";

/**
 * A container image by tag or digest: without either a registry answers with `latest`, whatever that is today.
 * @see https://pkg.go.dev/github.com/distribution/reference
 */
export const containerImage = z
  .string()
  .regex(
    new RegExp(
      `^(?=.{1,512}$)([A-Za-z0-9][A-Za-z0-9.-]*(:\\d{1,5})?/)?${IMAGE_NAME}(/${IMAGE_NAME})*(:\\w[\\w.-]{0,127}(${DIGEST})?|${DIGEST})$`,
    ),
    "must be a container image with its tag or digest, such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com/message-board:1.0.0",
  );
