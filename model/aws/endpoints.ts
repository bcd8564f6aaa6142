import { partitionOf } from "./regions";

/** Services that China's regions offer under the same prefix as everywhere else. */
const PLAIN_IN_CHINA = [
  "codebuild",
  "dynamodb",
  "ec2messages",
  "ecs",
  "ecs-agent",
  "ecs-telemetry",
  "elasticloadbalancing",
  "events",
  "glue",
  "kinesis-firehose",
  "kms",
  "logs",
  "secretsmanager",
  "sns",
  "ssm",
  "ssmmessages",
  "storagegateway",
];

/**
 * The name under which a region offers an AWS service to interface endpoints. In China the prefix depends on the
 * service, by no rule: `aws ec2 describe-vpc-endpoint-services` is the last word, and a full name is taken as it is.
 * @see https://github.com/aws/aws-cdk/pull/16139
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
 */
export function endpointServiceName(service: string, region: string): string {
  if (service.includes("amazonaws.")) return service;
  const name = `com.amazonaws.${region}.${service}`;
  return partitionOf(region) === "aws-cn" && !PLAIN_IN_CHINA.includes(service) ? `cn.${name}` : name;
}

/** A name such as `ecr.api` or `cn.com.amazonaws.cn-north-1.ecr.api`, taken apart. */
export interface EndpointService {
  /** As short as it can be, such as `ecr.api`: the same service always has the same. */
  readonly service: string;
  /** Region that a full name names; undefined for a short one. */
  readonly region?: string;
}

/** Takes a name apart; what somebody else offers by PrivateLink (`com.amazonaws.vpce.…`) has no shorter one. */
export function endpointService(name: string): EndpointService {
  const [, vpce, region, service] =
    /^(?:cn\.)?com\.amazonaws\.(vpce\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.(.+)$/.exec(name) ?? [];
  if (region === undefined || service === undefined) return { service: name };
  return { service: vpce ? name : service, region };
}
