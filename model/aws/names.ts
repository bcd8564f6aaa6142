/** Longest name of an IAM role. */
export const MAX_IAM_ROLE_NAME = 64;

/** Name of an identity's IAM role. */
export function iamRoleName(environment: string, key: string): string {
  return `${environment}-db-${key}`;
}

/** Name of the IAM role by which an environment's proxy logs in to its database. */
export function proxyRoleName(environment: string): string {
  return `${environment}-database-proxy`;
}
