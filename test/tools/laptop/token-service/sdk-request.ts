import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import type { SessionCredentials } from "../../../../tools/laptop/token-service/local-iam";
import { REGION, roleArn } from "./support";

/** A request as the SDK signs it, which may then be changed. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From the question mark on. @default none */
  readonly query?: string;
}

/** What is asked for, where it is not a role of on-call in the region of the tests. */
export interface SdkRequestOptions {
  readonly region?: string;
  readonly role?: string;
  readonly SourceIdentity?: string;
}

/** The AssumeRole that the unmodified SDK would send to an address. */
export async function sdkRequest(
  endpoint: string,
  credentials: Omit<SessionCredentials, "sessionToken"> & { readonly sessionToken?: string },
  { region = REGION, role = roleArn("on-call"), SourceIdentity }: SdkRequestOptions = {},
): Promise<SignedRequest> {
  let caught: SignedRequest | undefined;
  const provider = fromTemporaryCredentials({
    params: { RoleArn: role, RoleSessionName: "alice", SourceIdentity },
    masterCredentials: credentials,
    clientConfig: {
      endpoint,
      region,
      maxAttempts: 1,
      requestHandler: {
        handle: async ({ headers, body }: SignedRequest) => {
          caught = { headers, body: String(body) };
          throw new Error("caught");
        },
      },
    },
  });
  await provider().catch(() => undefined);
  if (!caught) throw new Error("the SDK sent nothing");
  // fetch counts by itself, and waits for the rest of a body that was shortened.
  return without(caught, "content-length");
}

export function without({ headers, ...rest }: SignedRequest, ...names: readonly string[]): SignedRequest {
  const kept = Object.entries(headers).filter(([name]) => !names.includes(name.toLowerCase()));
  return { ...rest, headers: Object.fromEntries(kept) };
}

export function withHeader(request: SignedRequest, name: string, value: string): SignedRequest {
  return { ...request, headers: { ...without(request, name).headers, [name]: value } };
}
