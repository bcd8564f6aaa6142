import { z } from "zod";
import type { Credentials } from "./sign-in";

const answerSchema = z.union([
  z.object({
    Code: z.literal("Success"),
    AccessKeyId: z.string(),
    SecretAccessKey: z.string(),
    Token: z.string(),
    Expiration: z.iso.datetime(),
  }),
  z.object({ Code: z.string(), Message: z.string() }),
]);

/**
 * Reads the credentials of an EC2 instance as the SDKs do. That of AWS for JavaScript reads the metadata service's address
 * from the environment of its process alone, which is not ours to change.
 * @param url of its metadata service
 * @throws an error with the code AccessDenied when EC2 may not take the instance's role
 */
export async function instanceCredentials(url: string): Promise<Credentials> {
  const ask = async (path: string, method: string, headers: Readonly<Record<string, string>>) => {
    const response = await fetch(`${url}${path}`, { method, headers });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return response.text();
  };
  const token = await ask("/latest/api/token", "PUT", { "x-aws-ec2-metadata-token-ttl-seconds": "60" });
  const read = (name: string) =>
    ask(`/latest/meta-data/iam/security-credentials/${name}`, "GET", { "x-aws-ec2-metadata-token": token });
  const answer = answerSchema.parse(JSON.parse(await read(await read(""))));
  if ("Message" in answer) throw Object.assign(new Error(answer.Message), { code: "AccessDenied" });
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = answer;
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: Token,
    expiration: new Date(Expiration),
  };
}
