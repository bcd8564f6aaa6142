import type { Account } from "./account";
import type { RequestContext } from "./policy-evaluation";
import type { StsSession } from "./sts-session-store";
import { takeRole } from "./take-role";

/**
 * Until the credentials end that AWS's services hand out: so long are those of EKS Pod Identity, whatever the role's
 * MaxSessionDuration.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
 */
const SIX_HOURS = 21_600;

/** A service of AWS asks for a role, for what runs in it. */
export interface ServiceCall {
  /** Its principal, such as `lambda.amazonaws.com`. */
  readonly service: string;
  readonly roleArn: string;
  readonly sessionName: string;
  /** What it says of what it asks for, such as `aws:SourceAccount`. @default nothing */
  readonly context?: RequestContext;
  /** Tags of the session, which it must be trusted to set. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A session of a role for a service of AWS.
 * @throws StsError AccessDenied when the role's trust policy does not let the service take it so
 */
export function callBy(
  iam: Account,
  { service, roleArn, sessionName, context, tags = {} }: ServiceCall,
): StsSession {
  const tagged = (key: string) =>
    Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`aws:${key}/${tag}`, value]));
  const tagSession = Object.keys(tags).length > 0 ? ["sts:TagSession"] : [];
  return takeRole(
    iam,
    { RoleArn: roleArn, RoleSessionName: sessionName, DurationSeconds: SIX_HOURS },
    {
      asking: {
        actions: ["sts:AssumeRole", ...tagSession],
        principal: { type: "Service", name: service },
        context: { ...iam.contextOf(), ...context, ...tagged("RequestTag") },
      },
      caller: service,
      refusal: `${service} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      session: tagged("PrincipalTag"),
    },
  );
}
