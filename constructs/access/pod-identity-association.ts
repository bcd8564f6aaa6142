import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import type { Construct } from "constructs";
import type { ServiceIdentity } from "../../model/access/identity";
import type { AccessPlan } from "../../model/access/plan";
import { byAssociation } from "../../model/aws/pod-identity";

/**
 * Associates a service's ServiceAccount with its IAM role, where its pods take that by Pod Identity.
 *
 * EKS keeps one association for each ServiceAccount. So it is in the scope of the namespace, under the ServiceAccount's name: at the address of
 * a service that is renamed, one that it keeps would be destroyed and made at once, and "already exists". Namespace and
 * ServiceAccount are named, not referred to: neither has to be there before.
 * @param scope the namespace's
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html
 */
export function associatePods(
  scope: Construct,
  { eksCluster }: AccessPlan,
  { namespace, serviceAccount, takesRoleBy }: ServiceIdentity,
  roleArn: string,
): void {
  if (eksCluster === undefined || !byAssociation(takesRoleBy)) return;
  // Session tags are on, as by default: the role's trust policy asks for them.
  new EksPodIdentityAssociation(scope, `association-${serviceAccount}`, {
    clusterName: eksCluster,
    namespace,
    serviceAccount,
    roleArn,
  });
}
