/** Longest name of an IAM role. */
export const MAX_IAM_ROLE_NAME = 64;

/** Name of an identity's IAM role. */
export function iamRoleName(environment: string, key: string): string {
  return `${environment}-db-${key}`;
}
