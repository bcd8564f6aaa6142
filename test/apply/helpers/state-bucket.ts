import type { Moto } from "./moto";

/** The bucket that environment files of these tests name. */
export const STATE_BUCKET = "acme-terraform-state";

/** Makes the bucket for Terraform's state in a local AWS API. */
export async function makeStateBucket(moto: Moto): Promise<void> {
  const { status } = await fetch(`${moto.url}/${STATE_BUCKET}`, { method: "PUT" });
  if (status !== 200) throw new Error(`no bucket: HTTP ${status}`);
}

/**
 * Variables with which Terraform's S3 backend finds its bucket in a local AWS API. The backend puts the bucket into the host
 * name, which no name server knows: as a proxy, moto gets the request under that name.
 */
export function stateBucketEnv(moto: Moto): Record<string, string> {
  return { AWS_ENDPOINT_URL_S3: "http://s3.eu-west-1.amazonaws.com", HTTP_PROXY: moto.url };
}
