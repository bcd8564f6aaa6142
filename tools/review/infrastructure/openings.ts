import { isDeepStrictEqual } from "node:util";
import { contains } from "../../../model/aws/blocks";
import type { FindingKind } from "../../../model/config/review/kinds";
import {
  change,
  type Difference,
  isObject,
  type JsonObject,
  own,
  shown,
  touches,
  valuesAt,
} from "./differences";
import type { Effect } from "./effect";

/** A type of which each resource lets somebody do or reach something, by being there. */
interface Opening {
  readonly kinds: { readonly wider: FindingKind; readonly narrower: FindingKind };
  /** What it lets through, in the words of its attributes. */
  readonly opens: string;
  /** Attributes that say what it opens. */
  readonly by: readonly string[];
  /** Whether a change opens provably less. @default it never is */
  readonly less?: (before: JsonObject, after: JsonObject) => boolean;
  /** Whether its being there also closes something, so that without it more may be open. @default false */
  readonly closes?: true;
}

const REACH = { wider: "reach-widened", narrower: "reach-narrowed" } as const;
const POLICY = { wider: "policy-widened", narrower: "policy-narrowed" } as const;

const RULE = [
  "security_group_id",
  "referenced_security_group_id",
  "cidr_ipv4",
  "cidr_ipv6",
  "prefix_list_id",
  "ip_protocol",
  "from_port",
  "to_port",
];

const runs = (opens: string, ...by: string[]): Opening => ({ kinds: POLICY, opens, by });

/** Types by what each of them opens. */
const OPENINGS: Readonly<Record<string, Opening>> = {
  aws_vpc_security_group_ingress_rule: { kinds: REACH, opens: "lets in", by: RULE, less: fewerPorts },
  aws_vpc_security_group_egress_rule: { kinds: REACH, opens: "lets out", by: RULE, less: fewerPorts },
  aws_route: {
    kinds: REACH,
    opens: "leads",
    by: [
      "route_table_id",
      "destination_cidr_block",
      "destination_ipv6_cidr_block",
      "destination_prefix_list_id",
      "gateway_id",
      "nat_gateway_id",
      "egress_only_gateway_id",
      "transit_gateway_id",
      "vpc_peering_connection_id",
      "vpc_endpoint_id",
      "network_interface_id",
      "carrier_gateway_id",
      "core_network_arn",
      "local_gateway_id",
    ],
  },
  aws_route_table_association: {
    kinds: REACH,
    opens: "gives a subnet the routes of a table",
    by: ["subnet_id", "route_table_id", "gateway_id"],
    closes: true,
  },
  aws_internet_gateway: { kinds: REACH, opens: "a way to and from the internet", by: ["vpc_id"] },
  aws_vpc_endpoint: {
    kinds: REACH,
    opens: "a way to a service",
    by: [
      "service_name",
      "service_region",
      "vpc_endpoint_type",
      "vpc_id",
      "route_table_ids",
      "private_dns_enabled",
    ],
  },
  aws_eks_access_entry: {
    kinds: POLICY,
    opens: "logs in to the EKS cluster",
    by: ["cluster_name", "principal_arn", "kubernetes_groups", "user_name", "type"],
  },
  aws_eks_access_policy_association: {
    kinds: POLICY,
    opens: "may do in the EKS cluster",
    by: ["cluster_name", "principal_arn", "policy_arn", "access_scope"],
  },
  aws_eks_pod_identity_association: {
    kinds: POLICY,
    opens: "gives pods a role",
    by: ["cluster_name", "namespace", "service_account", "role_arn", "target_role_arn"],
  },
  aws_iam_role_policy_attachment: {
    kinds: POLICY,
    opens: "gives a role a policy",
    by: ["role", "policy_arn"],
  },
  aws_iam_openid_connect_provider: {
    kinds: POLICY,
    opens: "takes tokens of an issuer",
    by: ["url"],
  },
  aws_instance: runs("a machine", "iam_instance_profile", "user_data", "user_data_base64"),
  aws_eks_node_group: runs("nodes", "node_role_arn", "launch_template.id"),
  aws_eks_addon: runs("an add-on", "addon_name", "service_account_role_arn", "pod_identity_association"),
  aws_db_proxy: runs("a proxy that logs in to databases", "name"),
  aws_ssm_document: runs("what sessions do", "name", "document_type"),
  kubernetes_cron_job_v1: runs("pods", "spec.job_template.spec.template.spec.service_account_name"),
  kubernetes_deployment_v1: runs("pods", "spec.template.spec.service_account_name"),
  kubernetes_job_v1: runs("a pod", "spec.template.spec.service_account_name"),
  kubernetes_network_policy_v1: {
    kinds: REACH,
    opens: "lets pods be reached, and reach",
    by: ["spec"],
    less: fewerRules,
    closes: true,
  },
  postgresql_role: {
    kinds: POLICY,
    opens: "a role of the database",
    by: [
      "name",
      "login",
      "roles",
      "superuser",
      "create_role",
      "create_database",
      "replication",
      "bypass_row_level_security",
      "password",
      "assume_role",
    ],
  },
  postgresql_grant: {
    kinds: POLICY,
    opens: "grants",
    by: [
      "privileges",
      "object_type",
      "objects",
      "columns",
      "schema",
      "database",
      "role",
      "with_grant_option",
    ],
  },
  postgresql_default_privileges: {
    kinds: POLICY,
    opens: "grants on what will be made",
    by: ["privileges", "object_type", "owner", "schema", "database", "role", "with_grant_option"],
  },
};

/** What a change does to what a resource of such a type opens; of one that is new or gone, the other side is undefined. */
export function openingEffects(
  type: string,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
  changes: readonly Difference[],
): Effect[] {
  const opening = Object.hasOwn(OPENINGS, type) ? OPENINGS[type] : undefined;
  if (!opening) return [];
  const paths = opening.by.map((each) => each.split("."));
  const told = paths.filter((path) => changes.some((each) => touches(each.path, path)));
  const all = (body: JsonObject) => `${opening.opens}: ${words(body, opening.by)}`;
  if (!before) return after ? [{ kind: opening.kinds.wider, says: `is new: ${all(after)}` }] : [];
  if (!after) {
    const kind = opening.closes ? opening.kinds.wider : opening.kinds.narrower;
    return [{ kind, says: `is gone: ${all(before)}` }];
  }
  if (told.length === 0) return [];
  const kind = opening.less?.(before, after) ? opening.kinds.narrower : opening.kinds.wider;
  const others = opening.by.filter((each) => !told.some((path) => path.join(".") === each));
  const changed = told.map(
    (path) => `${path.join(".")} ${change(single(before, path), single(after, path))}`,
  );
  const of = others.length > 0 ? ` (of ${words(after, others)})` : "";
  const says = `${opening.opens}: ${changed.join(", ")}${of}`;
  return [{ kind, says, tells: told }];
}

/** What is at a path: a single value as it is, and several as a list. */
function single(body: JsonObject, path: readonly string[]): unknown {
  const values = valuesAt(body, path);
  return values.length > 1 ? values : values[0];
}

/** What attributes say, in one line. */
function words(body: JsonObject, attributes: readonly string[]): string {
  const said = attributes.flatMap((attribute) => {
    const values = valuesAt(body, attribute.split("."));
    return values.map((value) => `${attribute.replace(/^.*\./, "")} ${shown(value)}`);
  });
  return said.length === 0 ? "nothing that is said" : said.join(", ");
}

/** The same from and to, on fewer ports or from fewer addresses. */
function fewerPorts(before: JsonObject, after: JsonObject): boolean {
  const ports = ({ from_port: from, to_port: to }: JsonObject) => ({ from, to });
  const [was, is] = [ports(before), ports(after)];
  const within =
    isDeepStrictEqual(was, is) ||
    ([was.from, was.to, is.from, is.to].every((port) => typeof port === "number" && port >= 0) &&
      Number(is.from) >= Number(was.from) &&
      Number(is.to) <= Number(was.to));
  const others = RULE.filter((each) => !["from_port", "to_port", "cidr_ipv4"].includes(each));
  return (
    within &&
    others.every((each) => isDeepStrictEqual(own(before, each), own(after, each))) &&
    blockWithin(own(before, "cidr_ipv4"), own(after, "cidr_ipv4"))
  );
}

function blockWithin(outer: unknown, inner: unknown): boolean {
  if (isDeepStrictEqual(outer, inner)) return true;
  if (typeof outer !== "string" || typeof inner !== "string") return false;
  try {
    return contains(outer, inner);
  } catch {
    return false;
  }
}

/** The same pods and directions, and rules that were all there. */
function fewerRules(before: JsonObject, after: JsonObject): boolean {
  const rest = (body: JsonObject) => {
    const spec = own(body, "spec");
    return isObject(spec) ? { ...spec, ingress: [], egress: [] } : spec;
  };
  const within = (direction: string) => {
    const was = valuesAt(before, ["spec", direction]).flat();
    return valuesAt(after, ["spec", direction])
      .flat()
      .every((rule) => was.some((each) => isDeepStrictEqual(each, rule)));
  };
  return isDeepStrictEqual(rest(before), rest(after)) && ["ingress", "egress"].every(within);
}
