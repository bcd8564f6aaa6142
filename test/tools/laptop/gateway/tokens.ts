import { Signer } from "@aws-sdk/rds-signer";
import { jest } from "@jest/globals";
import type { SessionCredentials } from "../../../../tools/laptop/token-service/local-iam";
import { sha256, signature, uriEncode } from "../../../../tools/laptop/token-service/signature";

/** What a token is signed for. */
export type SignerOptions = ConstructorParameters<typeof Signer>[0];

/** A token of the unmodified signer, as it would make it at another time. */
export async function signAt(now: Date, options: SignerOptions): Promise<string> {
  jest.useFakeTimers({ now });
  try {
    return await new Signer(options).getAuthToken();
  } finally {
    jest.useRealTimers();
  }
}

/** The parameters of a good token for orders_api, without the signature. */
export function goodParameters(session: SessionCredentials, now: Date): Readonly<Record<string, string>> {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, "");
  return {
    Action: "connect",
    DBUser: "orders_api",
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${session.accessKeyId}/${time.slice(0, 8)}/eu-west-1/rds-db/aws4_request`,
    "X-Amz-Date": time,
    "X-Amz-Expires": "900",
    "X-Amz-Security-Token": session.sessionToken,
    "X-Amz-SignedHeaders": "host",
  };
}

/** A token of a signer that signs whatever it is told to, with the right key and a right signature. */
export function forge(
  session: SessionCredentials,
  parameters: Readonly<Record<string, string | undefined>>,
  host: string,
): string {
  const query = Object.entries(parameters)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${uriEncode(name)}=${uriEncode(value)}`]))
    .sort()
    .join("&");
  const { "X-Amz-Credential": credential = "", "X-Amz-Date": time = "" } = parameters;
  const [, day = "", region = "", service = ""] = credential.split("/");
  const request = `GET\n/\n${query}\nhost:${host}\n\nhost\n${sha256("")}`;
  const signed = signature(session.secretAccessKey, { day, region, service }, time, request);
  return `${host}/?${query}&X-Amz-Signature=${signed}`;
}
