import { UserError } from "../../lib/user-error";
import type { AccessPlan } from "./plan";

/** File that the job that verifies reads the plan from, and where it is mounted. */
export const PLAN_FILE = "access-plan.json";
export const PLAN_DIRECTORY = "/etc/access-plan";

/** Bytes that a ConfigMap holds, all its values together. @see https://kubernetes.io/docs/concepts/configuration/configmap/ */
const MAX_BYTES = 1024 * 1024;

/**
 * A plan as a ConfigMap holds it: the same plan gives the same bytes.
 * @throws UserError when it is too large for one
 */
export function planFile(plan: AccessPlan): string {
  const text = JSON.stringify(plan);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_BYTES) return text;
  const message = `${plan.file}: verify.schedule: the access plan has ${bytes} bytes, and the ConfigMap that the job reads it from holds ${MAX_BYTES}; take schedule, image and namespace out of verify, and run npm run verify in a pipeline (docs/verifying.md)`;
  throw new UserError([message]);
}
