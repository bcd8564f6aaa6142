import { z } from "zod";
import { UserError } from "../../../lib/user-error";
import type { ProxyLimits } from "./proxy";

/** An IAM role as it is synthesised. */
export interface RoleBlock {
  readonly name: string;
  /** Who may take it: a policy document. */
  readonly assume_role_policy: string;
}

/** The proxy of a synthesised database stack. */
export interface SynthesisedProxy {
  /** By which it logs in to the cluster; what it may do is in the access stack. */
  readonly role: RoleBlock;
  /** It has an endpoint that leads to readers. */
  readonly readers: boolean;
  readonly limits: Partial<ProxyLimits>;
}

/** Connections that the server of a laptop has for others than superusers. */
const CONNECTIONS = 97;

const seconds = z
  .number()
  .int()
  .transform((value) => value * 1000);

const proxyBlock = z.looseObject({
  engine_family: z.literal("POSTGRESQL"),
  default_auth_scheme: z.literal("IAM_AUTH"),
  require_tls: z.literal(true),
  auth: z.undefined().optional(),
  idle_client_timeout: seconds.optional(),
  role_arn: z.string().regex(/^\$\{aws_iam_role\.[\w-]+\.arn\}$/, "must be a role of the stack"),
});

const targetGroupBlock = z.looseObject({
  connection_pool_config: z.looseObject({
    max_connections_percent: z.number().int().min(1).max(100),
    connection_borrow_timeout: seconds,
    init_query: z.undefined().optional(),
  }),
});

const role = z.looseObject({ name: z.string(), assume_role_policy: z.string() });
const attachment = z.looseObject({ role: z.string() });

const databaseStack = z.object({
  resource: z
    .looseObject({
      aws_db_proxy: z.record(z.string(), proxyBlock).default({}),
      aws_db_proxy_default_target_group: z.record(z.string(), targetGroupBlock).default({}),
      aws_db_proxy_endpoint: z.record(z.string(), z.unknown()).default({}),
      aws_iam_role: z.record(z.string(), role).default({}),
      aws_iam_role_policy: z.record(z.string(), attachment).default({}),
      aws_iam_role_policy_attachment: z.record(z.string(), attachment).default({}),
    })
    .prefault({}),
});

/**
 * The proxy of a synthesised database stack, so that what decides here is exactly what was synthesised; undefined when there
 * is none.
 * @param terraformJson content of `cdktf.out/stacks/<environment>-database/cdk.tf.json`
 * @throws UserError for anything about the proxy in it that is not played here
 */
export function synthesisedProxy(terraformJson: unknown): SynthesisedProxy | undefined {
  const { data, error } = databaseStack.safeParse(terraformJson);
  if (!data) throw notUnderstood(...z.prettifyError(error).split("\n"));
  const { resource } = data;
  const [proxy, second] = Object.values(resource.aws_db_proxy);
  if (!proxy) return undefined;
  if (second) throw notUnderstood("two proxies");
  const id = proxy.role_arn.slice("${aws_iam_role.".length, -".arn}".length);
  const taken = resource.aws_iam_role[id];
  if (!taken) throw notUnderstood(`a proxy with the role ${proxy.role_arn}, which is not there`);
  const attached = [resource.aws_iam_role_policy, resource.aws_iam_role_policy_attachment].flatMap((each) =>
    Object.values(each).map((block) => block.role),
  );
  if (attached.some((of) => of === taken.name || of.startsWith(`\${aws_iam_role.${id}.`))) {
    throw notUnderstood(`a policy of the role ${taken.name}: those are in the access stack`);
  }
  const [group] = Object.values(resource.aws_db_proxy_default_target_group);
  const pool = group?.connection_pool_config;
  return {
    role: taken,
    readers: Object.keys(resource.aws_db_proxy_endpoint).length > 0,
    limits: {
      ...(proxy.idle_client_timeout !== undefined && { idleClientTimeout: proxy.idle_client_timeout }),
      ...(pool && {
        borrowTimeout: pool.connection_borrow_timeout,
        sessions: Math.floor((CONNECTIONS * pool.max_connections_percent) / 100),
      }),
    },
  };
}

function notUnderstood(...what: readonly string[]): UserError {
  return new UserError([
    "The database stack is not one of this version, or tools/laptop/proxy/synthesised-proxy.ts must learn to read it (npm run synth writes it anew). Not understood:",
    ...what,
  ]);
}
