// IAM tokens for new connections, each used for several of them. Copied with connection.ts.
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { Signer } from "@aws-sdk/rds-signer";

/** What a token is good for: one user, at one name and port. */
export interface LoginTarget {
  /** Endpoint of the cluster's writer, no alias of it: the token is for this name, and the certificate too. */
  readonly host: string;
  readonly port: number;
  /** Database user, one that is in `rds_iam`. */
  readonly user: string;
  /** AWS region of the cluster. */
  readonly region: string;
}

/** Longest use of a token, in ms. It is good for 15 minutes: the rest is for clocks that differ and for slow logins. */
const LONGEST_USE = 600_000;

/** How long before the credentials that signed it a token is given up, in ms: after them it logs nobody in. */
const MARGIN = 60_000;

/** Where connections get their tokens. */
export interface LoginTokens {
  /** A token that is good for a login now. Whoever asks while one is being signed gets that one. */
  readonly get: () => Promise<string>;
  /** Gives up the token after a login that was refused: the next connection gets one signed anew. */
  readonly drop: () => void;
}

/**
 * Signs a token and keeps it for ten minutes, or until a minute before its credentials end. RDS takes about 200 logins
 * with new tokens a second, from all services together, and does not throttle logins that repeat one.
 * @param credentials of the IAM role. @default the AWS SDK's chain: on EKS, the ServiceAccount's
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html
 */
export function loginTokens(
  { host, port, user, region }: LoginTarget,
  credentials: ReturnType<typeof fromNodeProviderChain> = fromNodeProviderChain(),
): LoginTokens {
  let token = "";
  let goodUntil = 0;
  let signing: Promise<string> | undefined;

  async function sign(): Promise<string> {
    let end = Date.now() + LONGEST_USE;
    const signer = new Signer({
      hostname: host,
      port,
      region,
      username: user,
      // Asked again by the signer when what it got ends soon.
      credentials: async (properties) => {
        const given = await credentials(properties);
        end = Math.min(end, (given.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - MARGIN);
        return given;
      },
    });
    token = await signer.getAuthToken();
    goodUntil = end;
    return token;
  }

  return {
    get: async () => {
      if (signing === undefined && Date.now() < goodUntil) return token;
      signing ??= sign().finally(() => {
        signing = undefined;
      });
      return signing;
    },
    drop: () => {
      goodUntil = 0;
    },
  };
}
