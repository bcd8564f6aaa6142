import { fromNodeProviderChain, fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { quote } from "../../lib/nearest";
import { terminalText } from "../../lib/terminal-text";
import { unreachable } from "../../lib/unreachable";
import { UserError } from "../../lib/user-error";
import { iamRoleArn } from "../../model/access/iam";
import type { IdentityPlan, Login } from "../../model/access/identity";
import type { AccessPlan } from "../../model/access/plan";

/** Gives temporary credentials, and new ones when those end. */
export type Credentials = ReturnType<typeof fromTemporaryCredentials>;

/** Name of sessions that need none of their own. */
const SESSION = "as";

/**
 * Credentials of an identity's IAM role for whoever calls, who is the caller of the AWS SDK's default chain: by AssumeRole
 * where the role trusts people or listed principals; nobody but its workload takes another's, so there the caller has to be it.
 * @param caller ARN of whoever calls, as STS says it
 * @throws UserError when the role is not to be had so
 */
export async function takeIdentityRole(
  plan: AccessPlan,
  identity: IdentityPlan,
  { member }: Pick<Login, "member">,
  caller: string,
): Promise<Credentials> {
  const { region } = plan;
  if (caller.includes(`:assumed-role/${identity.iamRole}/`))
    return fromNodeProviderChain({ clientConfig: { region } });
  switch (identity.kind) {
    case "service":
    case "workload":
    case "role":
      throw new UserError([
        `the IAM role ${identity.iamRole} of ${identity.key} is for what runs there, and you are ${terminalText(caller)}; run this where it runs, or as a group of people`,
      ]);
    case "principals":
    case "people": {
      const externalId = identity.kind === "principals" ? identity.externalId : undefined;
      const credentials = fromTemporaryCredentials({
        params: {
          RoleArn: iamRoleArn(plan, identity),
          RoleSessionName: member ?? SESSION,
          ...(externalId !== undefined && { ExternalId: externalId }),
        },
        clientConfig: { region },
      });
      try {
        await credentials();
      } catch (error) {
        throw new UserError([refusal(identity, caller, error)]);
      }
      return credentials;
    }
    default:
      return unreachable(identity);
  }
}

function refusal({ key, iamRole }: IdentityPlan, caller: string, error: unknown): string {
  const said = terminalText(String(Object(error).message ?? error));
  return `AWS does not let ${terminalText(caller)} take the IAM role ${iamRole}: ${quote(said)}; the environment file says under access who may be ${key}`;
}
