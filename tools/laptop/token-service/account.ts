import type { LocalIam, LocalRole } from "./local-iam";
import { permits } from "./policy-evaluation";
import { type StsSession, type StsSessionRequest, StsSessionStore } from "./sts-session-store";

/** The IAM of this machine's one account: its roles, and the sessions that were handed out. */
export class Account implements LocalIam {
  private roles: ReadonlyMap<string, LocalRole> = new Map();
  private readonly sessions: StsSessionStore;

  /** @param clock the time in milliseconds since 1970 */
  constructor(clock: () => number) {
    this.sessions = new StsSessionStore(clock);
  }

  /** Puts these roles in place of those there were. Sessions of a role that stays go on under its new policies. */
  setRoles(roles: readonly LocalRole[]): void {
    const before = this.roles;
    this.roles = new Map(roles.map((role) => [role.arn, role]));
    for (const arn of before.keys()) if (!this.roles.has(arn)) this.sessions.forgetRole(arn);
  }

  role(arn: string): LocalRole | undefined {
    return this.roles.get(arn);
  }

  session(accessKeyId: string): StsSession | undefined {
    return this.sessions.find(accessKeyId);
  }

  allows(roleArn: string, action: string, resource: string): boolean {
    const role = this.roles.get(roleArn);
    return role !== undefined && permits(role.permissions, action, resource);
  }

  issue(request: StsSessionRequest): StsSession {
    return this.sessions.issue(request);
  }
}
