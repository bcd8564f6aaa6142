import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import type { Construct } from "constructs";
import type { IdentityOutsideEks } from "../../model/access/identity";
import {
  CERTIFICATES_DESCRIPTION,
  certificatesParameter,
  connectionPath,
} from "../../model/access/outside-eks";
import type { AccessPlan } from "../../model/access/plan";
import { parameterTier } from "../../model/aws/parameters";

/**
 * How an identity outside of EKS connects, where its program can read it: a parameter for each variable. None of it is a secret.
 * @param scope the identity's construct
 */
export function putConnection(
  scope: Construct,
  plan: AccessPlan,
  identity: IdentityOutsideEks,
  variables: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(variables)) {
    new SsmParameter(scope, `parameter-${name.toLowerCase().replaceAll("_", "-")}`, {
      name: `${connectionPath(plan, identity)}/${name}`,
      type: "String",
      tier: "Standard",
      // Not `value`, which plans hide: a reviewer is to see where a program is led.
      insecureValue: value,
    });
  }
}

/** The CA certificates, for the same programs. */
export function putCertificates(scope: Construct, plan: AccessPlan, caBundle: string): void {
  new SsmParameter(scope, "certificates", {
    name: certificatesParameter(plan),
    description: CERTIFICATES_DESCRIPTION,
    type: "String",
    tier: parameterTier(caBundle),
    insecureValue: caBundle,
  });
}
