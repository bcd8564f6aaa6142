import type { EnvironmentFile } from "../schema";

/** The job that verifies on a schedule. */
export interface VerifyJobConfig {
  /** In UTC, five fields. */
  readonly schedule: string;
  readonly image: string;
  readonly namespace: string;
  /** @default any */
  readonly architecture?: "amd64" | "arm64" | undefined;
}

/** The job of a file; undefined when it has none. A rule refuses a part of one. */
export function verifyJob({
  verify: { schedule, image, namespace, architecture },
}: Pick<EnvironmentFile, "verify">): VerifyJobConfig | undefined {
  if (schedule === undefined || image === undefined || namespace === undefined) return undefined;
  return { schedule, image, namespace, architecture };
}
