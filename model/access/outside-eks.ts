import { type PolicyDocument, policyDocument } from "../aws/policy-document";
import { CA_FILE, connectionVariables, type Endpoints } from "./connection";
import type { IdentityOutsideEks } from "./identity";
import type { AccessPlan } from "./plan";

/** Where in the Parameter Store an identity outside of EKS finds how to connect: a parameter below it for each variable. */
export function connectionPath(
  { environment }: AccessPlan,
  { key }: Pick<IdentityOutsideEks, "key">,
): string {
  return `/${environment}/database/${key}`;
}

/** The parameter with the CA certificates, which all of them read. No identity is called so: their names have no dot. */
export function certificatesParameter({ environment }: AccessPlan): string {
  return `/${environment}/database/${CA_FILE}`;
}

/** What that parameter says it is. */
export const CERTIFICATES_DESCRIPTION = "CA certificates to verify the database by";

/**
 * The variables that pods get, but for the file with the certificates: where that is, whoever starts the program decides. Lambda
 * says the region itself, and refuses functions that are told another way.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function connectionOutsideEks(
  plan: AccessPlan,
  identity: IdentityOutsideEks,
  endpoints: Endpoints,
): Record<string, string> {
  const { PGSSLROOTCERT: _, AWS_REGION, ...variables } = connectionVariables(plan, identity, endpoints);
  return { ...(!isFunction(identity) && { AWS_REGION }), ...variables };
}

function isFunction(identity: IdentityOutsideEks): boolean {
  return identity.kind === "workload" && identity.runsOn === "lambda";
}

/** What the IAM role of an identity outside of EKS may do beside connecting, each part as a policy by its name. */
export function furtherPolicies(
  plan: AccessPlan,
  identity: IdentityOutsideEks,
): Readonly<Record<string, PolicyDocument>> {
  return {
    "read-connection": readConnection(plan, identity),
    ...(isFunction(identity) && { "network-interfaces": networkInterfaces(plan) }),
  };
}

/**
 * Lets an identity read its own parameters, all in one call, and the certificates. AWS asks whether the path of the call
 * may be read, with the slash that may end it, and gives all that is below.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-retrieval-authorization.html
 */
function readConnection(plan: AccessPlan, identity: IdentityOutsideEks): PolicyDocument {
  const parameter = (name: string) =>
    `arn:${plan.partition}:ssm:${plan.region}:${plan.account}:parameter${name}`;
  const path = parameter(connectionPath(plan, identity));
  return policyDocument(
    { Effect: "Allow", Action: "ssm:GetParametersByPath", Resource: [path, `${path}/`] },
    { Effect: "Allow", Action: "ssm:GetParameter", Resource: parameter(certificatesParameter(plan)) },
  );
}

/** What Lambda does with the role of a function in a VPC, for itself. */
const FIND_INTERFACES = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"];
const KEEP_INTERFACES = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:UnassignPrivateIpAddresses",
];

/**
 * Lets Lambda keep network interfaces in the VPC, by which a function reaches the database: without these Lambda takes no
 * function with a VPC. AWS's own policy, AWSLambdaVPCAccessExecutionRole, gives them on everything and to the function's code as
 * well; here the code has none of them, which AWS recommends: its requests carry the function's ARN, those of Lambda itself do not.
 * That holds for functions of every region: IAM roles have none, and code may call EC2 of another region than its own.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 * @see https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
 */
function networkInterfaces({ partition, region, account }: AccessPlan): PolicyDocument {
  return policyDocument(
    // What is only looked at cannot be named.
    { Effect: "Allow", Action: FIND_INTERFACES, Resource: "*" },
    // Their ids are not known before; which subnets and security groups they are in, whoever makes the function says.
    { Effect: "Allow", Action: KEEP_INTERFACES, Resource: `arn:${partition}:ec2:${region}:${account}:*/*` },
    {
      Effect: "Deny",
      Action: [...FIND_INTERFACES, ...KEEP_INTERFACES],
      Resource: "*",
      Condition: {
        ArnLike: { "lambda:SourceFunctionArn": `arn:${partition}:lambda:*:${account}:function:*` },
      },
    },
  );
}
