import type { StackJson } from "../sides/side";
import { type Difference, shown } from "./difference";
import { isBlock } from "./resource-keys";

/**
 * What policies and ConfigMaps call by a name: which stack of the environment it is from, and what it has to be there. With
 * another database behind the name, every policy would be for that one, and read as before.
 */
const LOCALS: Readonly<Record<string, Local>> = {
  "database-resource-id": {
    layer: "database",
    is: /^\$\{((data\.)?aws_rds_cluster\.[\w-]+\.cluster_resource_id|data\.aws_db_instance\.[\w-]+\.resource_id)\}$/,
  },
  "writer-endpoint": {
    layer: "database",
    is: /^\$\{((data\.)?aws_rds_cluster\.[\w-]+\.endpoint|data\.aws_db_instance\.[\w-]+\.address)\}$/,
  },
  "reader-endpoint": {
    layer: "database",
    is: /^\$\{(data\.)?aws_rds_cluster\.[\w-]+\.reader_endpoint\}$/,
    optional: true,
  },
  "proxy-resource-id": {
    layer: "database",
    is: /^\$\{element\(split\(":", aws_db_proxy\.[\w-]+\.arn\), 6\)\}$/,
    optional: true,
  },
  "proxy-endpoint": {
    layer: "database",
    is: /^\$\{aws_db_proxy\.[\w-]+\.endpoint\}$/,
    optional: true,
  },
  "proxy-reader-endpoint": {
    layer: "database",
    is: /^\$\{aws_db_proxy_endpoint\.[\w-]+\.endpoint\}$/,
    optional: true,
  },
  "oidc-provider-arn": {
    layer: "eks",
    is: /^\$\{(data\.)?aws_iam_openid_connect_provider\.[\w-]+\.arn\}$/,
    optional: true,
  },
  "oidc-issuer": {
    layer: "eks",
    is: /^\$\{trimprefix\((data\.)?aws_eks_cluster\.[\w-]+\.identity\[0\]\.oidc\[0\]\.issuer, "https:\/\/"\)\}$/,
    optional: true,
  },
};

interface Local {
  readonly layer: string;
  readonly is: RegExp;
  /** Where it is not there, nothing can name it: Terraform refuses that. @default false */
  readonly optional?: true;
}

/** Follows the names that an access stack has for parts of other stacks to what they are there. */
export function compareLocals(environment: string, stacks: ReadonlyMap<string, StackJson>): Difference[] {
  const access = stacks.get(`${environment}-access`);
  return Object.entries(LOCALS).flatMap(([name, { layer, is, optional }]): Difference[] => {
    const id = `${environment}-${layer}`;
    const value = inner(access, "locals", name);
    if (optional && value === undefined) return [];
    const origin = follow(value, access, stacks.get(id));
    if (typeof origin === "string" && is.test(origin)) return [];
    const what = `local.${name} that is not what ${id} has`;
    const detail = `local.${name}: ${shown(value)}, which is ${shown(origin)} in ${id}`;
    return [{ what, where: `local.${name}`, detail, content: [value ?? null, origin ?? null] }];
  });
}

const OUTPUT = /^\$\{data\.terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)\}$/;
const LOCAL = /^\$\{local\.([\w-]+)\}$/;

/** What a value is in the other stack; undefined when it is not from there. */
function follow(value: unknown, stack: StackJson | undefined, other: StackJson | undefined): unknown {
  const [, state = "", output = ""] = (typeof value === "string" && OUTPUT.exec(value)) || [];
  if (!isStateOf(inner(stack, "data", "terraform_remote_state", state), other)) return undefined;
  const published = inner(other, "output", output, "value");
  const [, local] = (typeof published === "string" && LOCAL.exec(published)) || [];
  return local === undefined ? published : inner(other, "locals", local);
}

/** Whether a data source reads the state that a stack writes, and no other environment's. */
function isStateOf(data: unknown, other: StackJson | undefined): boolean {
  if (!isBlock(data) || typeof data.backend !== "string" || !isBlock(data.config)) return false;
  const backend = inner(other, "terraform", "backend", data.backend);
  const place = data.backend === "local" ? "path" : "key";
  return (
    isBlock(backend) &&
    data.workspace === "${terraform.workspace}" &&
    typeof data.config[place] === "string" &&
    Object.entries(data.config).every(([name, said]) => backend[name] === said)
  );
}

function inner(block: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (found, name) => (isBlock(found) && Object.hasOwn(found, name) ? found[name] : undefined),
    block,
  );
}
