import { z } from "zod";
import type { PodIdentityAssociation } from "./pod-identity-agent";
import { knownValues, notUnderstood, type RolePlace, resolved } from "./synthesised-values";

/** An argument that is not here would change whose role a pod gets, or what its session says. */
const associationBlock = z.strictObject({
  "//": z.unknown().optional(),
  cluster_name: z.string(),
  namespace: z.string(),
  service_account: z.string(),
  role_arn: z.string(),
  tags: z.unknown().optional(),
});

const accessStack = z.object({
  resource: z.object({
    aws_eks_pod_identity_association: z.record(z.string(), associationBlock).default({}),
  }),
});

/**
 * The associations of EKS Pod Identity in a synthesised access stack.
 * @param terraformJson content of its cdk.tf.json
 * @throws UserError for anything about them that is not understood
 */
export function synthesisedAssociations(terraformJson: unknown, place: RolePlace): PodIdentityAssociation[] {
  const { data, error } = accessStack.safeParse(terraformJson);
  if (!data) throw notUnderstood(...z.prettifyError(error).split("\n"));
  const known = knownValues(terraformJson, place);
  return Object.values(data.resource.aws_eks_pod_identity_association).map((block) => ({
    cluster: resolved(block.cluster_name, known),
    namespace: resolved(block.namespace, known),
    serviceAccount: resolved(block.service_account, known),
    roleArn: resolved(block.role_arn, known),
  }));
}
