import { servicePrincipal } from "../../../model/aws/regions";
import type { SessionCredentials } from "../token-service/local-iam";
import type { TokenService } from "../token-service/token-service";

/** They are renewed so long before their end. */
const BEFORE_END_MS = 300_000;

/** What a proxy takes its role as. */
export interface ProxyRole {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly roleName: string;
}

/**
 * The credentials of a proxy: RDS takes its role, when the role trusts it.
 * @returns asks for those that are good now
 */
export function proxyCredentials(
  { callBy }: Pick<TokenService, "callBy">,
  { partition, account, region, roleName }: ProxyRole,
): () => Promise<SessionCredentials> {
  let held: SessionCredentials | undefined;
  return async () => {
    if (held && held.expiration.getTime() - Date.now() > BEFORE_END_MS) return held;
    held = callBy({
      service: servicePrincipal("rds", region),
      roleArn: `arn:${partition}:iam::${account}:role/${roleName}`,
      sessionName: "proxy",
    });
    return held;
  };
}
