/**
 * What a secret of moto's Secrets Manager holds.
 * @param secretId name or ARN
 */
export async function secretText(endpoint: string, secretId: string): Promise<string> {
  return text(await secretsManager(endpoint, "GetSecretValue", { SecretId: secretId }), "SecretString");
}

/** Makes a secret in moto's Secrets Manager; its ARN. */
export async function makeSecret(endpoint: string, name: string, SecretString: string): Promise<string> {
  return text(await secretsManager(endpoint, "CreateSecret", { Name: name, SecretString }), "ARN");
}

/** Asked without an SDK, for these two alone: moto takes any signature, and finds region and service in its scope. */
async function secretsManager(endpoint: string, action: string, input: object): Promise<unknown> {
  const scope = "test/20260101/eu-west-1/secretsmanager/aws4_request";
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `secretsmanager.${action}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify(input),
  });
  return answer.json();
}

function text(answer: unknown, field: string): string {
  const fields = new Map<string, unknown>(Object.entries(Object(answer)));
  const found = fields.get(field);
  if (typeof found !== "string") throw new Error(`no ${field} in ${JSON.stringify(answer)}`);
  return found;
}
