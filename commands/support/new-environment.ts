import { z } from "zod";
import { quote } from "../../lib/nearest";
import { accountId, identityKey, postgresqlName, region } from "../../model/config/fields";
import { settings } from "../../model/config/settings/schema";

/** What a new environment is for: what each costs is in docs/costs.md. */
export const SIZES = ["cheap", "production"] as const;

/** A question about a new environment: its option, what is asked, what the answer must be. */
interface Question {
  readonly ask: string;
  readonly answer: z.ZodType<string>;
  /** What an empty answer means. @default there must be one */
  readonly otherwise?: string;
}

const schemaTarget = z.string().regex(/^[^.]+\.[^.]+$/, "must be <database>.<schema>, such as shop.orders");
const bucket = settings.backend.unwrap().shape.bucket;

/** Everything that is asked, in this order; each is an option of the command, too. */
export const ASKED = ["account", "region", "size", "bucket", "service", "schema"] as const;

/** One of {@link ASKED}. */
export type Asked = (typeof ASKED)[number];

/** An answer to each question. */
export type Answers = Readonly<Record<Asked, string>>;

/** What is asked. */
export const QUESTIONS: Readonly<Record<Asked, Question>> = {
  account: { ask: "AWS account id", answer: accountId },
  region: { ask: "AWS region", answer: region, otherwise: "eu-west-1" },
  size: {
    ask: "cheap or production",
    answer: z.enum(SIZES, `must be ${SIZES.join(" or ")}`),
    otherwise: "cheap",
  },
  bucket: {
    ask: "S3 bucket for Terraform's state, or none for local files (for trials)",
    answer: z.literal("none").or(bucket),
    otherwise: "none",
  },
  service: { ask: "first service", answer: identityKey, otherwise: "orders-api" },
  schema: {
    ask: "its <database>.<schema>",
    answer: schemaTarget.refine(
      (target) => target.split(".").every((part) => postgresqlName.safeParse(part).success),
      "must be <database>.<schema>, each of letters, digits and _, such as shop.orders",
    ),
    otherwise: "shop.orders",
  },
};

/** Why a text is no answer to a question, or no name of an environment; empty when it is one. */
export function wrongAnswer(to: Asked | "name", text: string): string[] {
  const schema = to === "name" ? settings.name : QUESTIONS[to].answer;
  const { error } = schema.safeParse(text);
  return error ? [`${error.issues[0]?.message ?? "must be another"}, got: ${quote(text)}`] : [];
}

/**
 * The text of a new environment file.
 * @param cidr IPv4 block of its VPC
 */
export function newEnvironment(name: string, answers: Answers, cidr: string): string {
  const { account, region, bucket, service, schema } = answers;
  const [database = "", schemaName = ""] = schema.split(".");
  // A namespace is a DNS label, and a database's name need not be one.
  const namespace = database
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  const state =
    bucket === "none"
      ? "# Terraform's state is in local files: for trials. Before anybody else deploys, make a bucket, and write\n# backend: { bucket: acme-terraform-state, region: eu-west-1 }"
      : `backend: { bucket: ${bucket}, region: ${region} }   # versioned and encrypted; the bucket must be there`;
  return `# yaml-language-server: $schema=./environment.schema.json
# Every key is in docs/environment-file.md. What is left out has a default that is right for a small production.
name: ${name}   # prefix of all stacks and names; it cannot change later
account: "${account}"   # Terraform refuses to touch any other
region: ${region}
tags: {}   # on every resource, such as { team: platform }
review: { folder: review }   # commit what npm run synth writes there: its diff says who gains what
${state}

${LAYERS[answers.size === "production" ? "production" : "cheap"](cidr)}

access:
  databases:
    ${database}: [${schemaName}]   # what is gone from here later fails the plan: nothing is dropped unnoticed
  namespaces:
    ${namespace}: {}   # Kubernetes namespace, closed by default; { existing: true } for one that is not ours to make
  services:
    ${service}:
      namespace: ${namespace}
      grants: { ${schema}: read-write }   # read-only, read-write, or owner
    ${service}-migrations:   # creates and alters its tables
      namespace: ${namespace}
      grants: { ${schema}: owner }
  # people:   # each group has an IAM role that these principals may assume
  #   on-call:
  #     principals: ["arn:aws:iam::${account}:role/OnCall"]
  #     grants: { ${schema}: read-only }
`;
}

/** The layers below access, for each of {@link SIZES}. */
const LAYERS: Readonly<Record<(typeof SIZES)[number], (cidr: string) => string>> = {
  cheap: (cidr) => `network:
  cidr: ${cidr}   # cannot change later; apart from every network that is ever to be connected with it
  availabilityZones: 2
  natGateways: single   # one zone's failure cuts off the others
  flowLogsRetentionDays: 30

cluster:
  nodeGroups:
    general: { instanceTypes: [t4g.large], minSize: 2, maxSize: 4, diskGiB: 30 }
  logsRetentionDays: 30
  # administrators: ["arn:aws:iam::…:role/PlatformAdmin"]   # without it, whoever deploys first

database:
  capacity: { minAcu: 0.5, maxAcu: 4 }   # serverless; minAcu: 0 pauses when idle
  readers: 0   # a failure of its zone means minutes without a database
  backupRetentionDays: 7
  logsRetentionDays: 30
  dashboard: true   # in CloudWatch
  deletionProtection: true   # false is how to delete databases on purpose`,
  production: (cidr) => `network:
  cidr: ${cidr}   # cannot change later; apart from every network that is ever to be connected with it
  availabilityZones: 3
  natGateways: per-zone
  interfaceEndpoints: [sts]   # pods get their credentials inside the VPC
  flowLogsRetentionDays: 365

cluster:
  nodeGroups:
    general: { instanceTypes: [m7g.large], minSize: 3, maxSize: 12, diskGiB: 50 }
  # administrators: ["arn:aws:iam::…:role/PlatformAdmin"]   # without it, whoever deploys first

database:
  capacity: { minAcu: 1, maxAcu: 16 }   # or { instanceClass: db.r8g.large }
  readers: 1   # a failover promotes it
  backupRetentionDays: 35
  deletionProtection: true   # false is how to delete databases on purpose
  dashboard: true   # in CloudWatch
  # alarmTopicArn: arn:aws:sns:…:oncall   # without it alarms only show in CloudWatch`,
};
