import type { LocalIam, LocalRole } from "./local-iam";
import { permits, type RequestContext } from "./policy-evaluation";
import { type StsSession, type StsSessionRequest, StsSessionStore } from "./sts-session-store";

/** The IAM of this machine's one account: its roles, and the sessions that were handed out. */
export class Account implements LocalIam {
  private roles: ReadonlyMap<string, LocalRole> = new Map();
  private readonly sessions: StsSessionStore;

  /**
   * @param clock the time in milliseconds since 1970, for how long sessions last
   * @param conditionTime the same, as conditions see it
   */
  constructor(
    clock: () => number,
    private readonly conditionTime: () => number = clock,
  ) {
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

  allows(accessKeyId: string, action: string, resource: string): boolean {
    const session = this.sessions.find(accessKeyId);
    const role = session && this.roles.get(session.roleArn);
    if (!session || !role) return false;
    return permits(role.permissions, { action, resource, context: this.contextOf(session) });
  }

  /** What a request says to conditions at this moment: the time, and whose session it is of, if it is of one. */
  contextOf(session?: StsSession): RequestContext {
    return {
      ...session?.context,
      ...(session && { "aws:userid": session.userId }),
      "aws:CurrentTime": new Date(this.conditionTime()).toISOString(),
    };
  }

  issue(request: StsSessionRequest): StsSession {
    return this.sessions.issue(request);
  }
}
