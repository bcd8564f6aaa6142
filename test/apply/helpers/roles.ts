import {
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from "@aws-sdk/client-iam";

/** An IAM role as it is in the account. */
export interface DeployedRole {
  /** Who may assume it: the trust policy. */
  readonly trust: unknown;
  /** The role's own policies by name. */
  readonly policies: Readonly<Record<string, unknown>>;
  /** Names of managed policies that are attached to it. */
  readonly attached: readonly (string | undefined)[];
}

/** Every IAM role of an account by name. */
export async function readRoles(iam: IAMClient): Promise<Readonly<Record<string, DeployedRole>>> {
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  return Object.fromEntries(
    await Promise.all(
      Roles.map(async ({ RoleName = "", AssumeRolePolicyDocument }) => [
        RoleName,
        {
          trust: policy(AssumeRolePolicyDocument),
          policies: await ownPolicies(iam, RoleName),
          attached: await attachedPolicies(iam, RoleName),
        },
      ]),
    ),
  );
}

async function ownPolicies(iam: IAMClient, RoleName: string): Promise<Record<string, unknown>> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  return Object.fromEntries(
    await Promise.all(
      PolicyNames.map(async (PolicyName) => {
        const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        return [PolicyName, policy(PolicyDocument)];
      }),
    ),
  );
}

async function attachedPolicies(iam: IAMClient, RoleName: string): Promise<(string | undefined)[]> {
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  return AttachedPolicies.map(({ PolicyName }) => PolicyName).sort();
}

/** IAM answers with policies as URL-encoded JSON. */
function policy(document = ""): unknown {
  return JSON.parse(decodeURIComponent(document));
}
