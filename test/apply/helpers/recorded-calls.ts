import type { IncomingMessage } from "node:http";

/** What AWS was asked for, as IAM calls it (`ec2:CreateVpc`), by the stack that asked. */
export type RecordedCalls = ReadonlyMap<string, ReadonlySet<string>>;

/** Services that sign by another name than IAM's. */
const IAM_NAMES: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

/** The API of EKS goes by paths. @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html */
const EKS: readonly (readonly [RegExp, string])[] = [
  [/^POST \/clusters$/, "CreateCluster"],
  [/^GET \/clusters\/[^/]+$/, "DescribeCluster"],
  [/^DELETE \/clusters\/[^/]+$/, "DeleteCluster"],
  [/^POST \/clusters\/[^/]+\/update-config$/, "UpdateClusterConfig"],
  [/^POST \/clusters\/[^/]+\/updates$/, "UpdateClusterVersion"],
  [/^GET \/clusters\/[^/]+\/updates\/[^/]+$/, "DescribeUpdate"],
  [/^POST \/clusters\/[^/]+\/node-groups$/, "CreateNodegroup"],
  [/^GET \/clusters\/[^/]+\/node-groups\/[^/]+$/, "DescribeNodegroup"],
  [/^DELETE \/clusters\/[^/]+\/node-groups\/[^/]+$/, "DeleteNodegroup"],
  [/^POST \/clusters\/[^/]+\/node-groups\/[^/]+\/update-config$/, "UpdateNodegroupConfig"],
  [/^POST \/clusters\/[^/]+\/node-groups\/[^/]+\/update-version$/, "UpdateNodegroupVersion"],
];

/**
 * Records a request of Terraform's. The stack is what TerraformWorkspace has put at the end of the user agent; requests of
 * tests have none. One that is not understood is recorded as it came, and is in no policy.
 */
export function record(calls: Map<string, Set<string>>, request: IncomingMessage, body: Buffer): void {
  const [, stack] = / stack\/([\w-]+)$/.exec(request.headers["user-agent"] ?? "") ?? [];
  if (stack === undefined) return;
  const [, service = "?"] =
    /Credential=[^/]+\/\d+\/[\w-]+\/(\w+)\//.exec(request.headers.authorization ?? "") ?? [];
  const recorded = calls.get(stack) ?? new Set();
  recorded.add(`${IAM_NAMES[service] ?? service}:${operation(service, request, body)}`);
  calls.set(stack, recorded);
}

function operation(service: string, { method, url = "", headers }: IncomingMessage, body: Buffer): string {
  const [path = ""] = url.split("?");
  const asked = `${method} ${path}`;
  const target = String(headers["x-amz-target"] ?? "")
    .split(".")
    .at(-1);
  if (target) return target;
  const [, ofPath] = /\/operation\/(\w+)$/.exec(path) ?? [];
  if (ofPath) return ofPath;
  if (service === "eks") return EKS.find(([pattern]) => pattern.test(asked))?.[1] ?? asked;
  return new URLSearchParams(body.toString("utf8")).get("Action") ?? asked;
}
