import { createHash } from "node:crypto";
import type { Json } from "./stacks";

/** One attribute of a resource, and how the resource would be in a state and in a configuration that has another value. */
export interface Probe {
  readonly type: string;
  readonly path: readonly string[];
  readonly before: Json;
  readonly after: Json;
}

/** Values that a provider takes in place of the one that is there, where it does not take any. */
const OTHERS: Readonly<Record<string, Json>> = {
  addon_version: "v1.3.0-eksbuild.1",
  ami_type: "AL2023_x86_64_STANDARD",
  authentication_mode: "API_AND_CONFIG_MAP",
  availability_zone: "eu-west-1c",
  ca_cert_identifier: "rds-ca-rsa4096-g1",
  comparison_operator: "LessThanThreshold",
  deletion_window_in_days: 7,
  destination_cidr_block: "10.99.0.0/16",
  document_format: "YAML",
  document_type: "Command",
  domain: "standard",
  ebs_optimized: false,
  engine: "aurora-mysql",
  engine_version: "16.9",
  family: "aurora-postgresql16",
  http_endpoint: "disabled",
  http_tokens: "optional",
  instance_class: "db.r7g.large",
  instance_type: "t4g.small",
  log_destination_type: "s3",
  performance_insights_retention_period: 31,
  period: 60,
  preferred_backup_window: "04:00-05:00",
  preferred_maintenance_window: "mon:06:30-mon:07:30",
  resolve_conflicts_on_create: "NONE",
  resolve_conflicts_on_update: "PRESERVE",
  retention_in_days: 90,
  statistic: "Minimum",
  traffic_type: "REJECT",
  treat_missing_data: "breaching",
  type: "namespace",
  version: "1.35",
  volume_type: "gp2",
  vpc_endpoint_type: "GatewayLoadBalancer",
};

/** Attributes that take one value only beside the others of the resource. */
const FIXED = [
  "aws_cloudwatch_metric_alarm.metric_query",
  "aws_eks_cluster.encryption_config.resources",
  "aws_eks_cluster.upgrade_policy.support_type",
  "aws_launch_template.tag_specifications.resource_type",
  "aws_eks_access_policy_association.access_scope.type",
  "aws_rds_cluster.engine_lifecycle_support",
];

/** A probe for every attribute that a resource gives. */
export function probesOf(type: string, resource: Json): Probe[] {
  const {
    "//": _,
    depends_on: __,
    lifecycle: ___,
    timeouts: ____,
    ...body
  } = withoutReferences(resource, type);
  return leaves(body).flatMap((path) => {
    const name = path.at(-1) ?? "";
    if (FIXED.includes(`${type}.${path.join(".")}`) || path.includes("tags")) return [];
    const after = structuredClone(body);
    const holder = path.slice(0, -1).reduce((at, key) => first(at[key]), after);
    const value = other(name, holder[name]);
    if (value === undefined) return [];
    holder[name] = value;
    return [{ type, path, before: body, after }];
  });
}

function first(value: Json): Json {
  return Array.isArray(value) ? value[0] : value;
}

/** Ways to what is a text, a number, a list of them, or a map. */
function leaves(value: Json, path: readonly string[] = []): string[][] {
  const at = Array.isArray(value) && typeof value[0] === "object" ? value[0] : value;
  if (typeof at !== "object" || at === null || Array.isArray(at)) return [[...path]];
  return Object.entries(at).flatMap(([key, each]) => leaves(each, [...path, key]));
}

function other(name: string, value: Json): Json {
  if (name in OTHERS && JSON.stringify(OTHERS[name]) !== JSON.stringify(value)) return OTHERS[name];
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  if (Array.isArray(value))
    return value.length > 1 ? value.slice(1) : value.length === 1 ? [other(name, value[0])] : undefined;
  if (/^(true|false)$/.test(value)) return value === "true" ? "false" : "true";
  if (value.startsWith("{")) return value.replace('"Effect":"Allow"', '"Effect":"Deny"');
  if (/^\d+\.\d+\.\d+\.\d+\//.test(value)) return value.replace(/^\d+\.\d+/, "10.99");
  return value.replace(/[^x]$/, "x") === value
    ? `${value}y`
    : /^(arn|sg|subnet|vpc|lt)/.test(value)
      ? value.replace(/.$/, (end: string) => (end === "1" ? "2" : "1"))
      : `${value}x`;
}

/** What a reference would be once it is known, as far as the provider asks. */
function withoutReferences(value: Json, name: string): Json {
  if (Array.isArray(value)) return value.map((each) => withoutReferences(each, name));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, withoutReferences(each, key)]),
    );
  }
  if (typeof value !== "string") return value;
  if (name === "policy" && value.startsWith("${")) return '{"Version":"2012-10-17","Statement":[]}';
  return value.replace(/\$\{[^}]*\}/g, (reference) => {
    const id = createHash("md5").update(reference).digest("hex").slice(0, 17);
    if (name === "addon_version") return "v1.2.0-eksbuild.1";
    if (name === "url") return `https://oidc.eks.eu-west-1.amazonaws.com/id/${id}`;
    if (/kms/.test(reference) || name === "key_arn") return "arn:aws:kms:eu-west-1:123456789012:key/1";
    if (/arn\b/.test(name) || /arn$/.test(name) || /arn\}$/.test(reference))
      return `arn:aws:iam::123456789012:role/${id}`;
    if (/launch_template/.test(reference)) return name === "id" ? `lt-${id}` : "1";
    const [, kind] = /(security_group|subnet|vpc)/.exec(name) ?? [];
    return `${kind === "security_group" ? "sg" : (kind ?? "id")}-${id}`;
  });
}
