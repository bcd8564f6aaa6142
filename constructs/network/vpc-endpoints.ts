import { DataAwsVpcEndpointService } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { endpointPolicy } from "../../model/aws/endpoint-policy";
import { endpointServiceName } from "../../model/aws/endpoints";
import { HttpsFromVpc } from "../shared/https-from-vpc";

/** Options for {@link VpcEndpoints}. */
export interface VpcEndpointsProps {
  /** Account of the environment. */
  readonly account: string;
  /** Whose requests the endpoints let through: `account`, `any`, or the id of an organization. */
  readonly principals: string;
  /** Name of the environment, which all names start with. */
  readonly environmentName: string;
  /** AWS region. */
  readonly region: string;
  /** VPC the endpoints are in. */
  readonly vpcId: string;
  /** The VPC's IPv4 block, which may use the interface endpoints. */
  readonly vpcCidr: string;
  /** Route tables that reach S3 through the gateway endpoint. */
  readonly routeTableIds: readonly string[];
  /** Services to create interface endpoints for, such as `ecr.api`, each once. */
  readonly interfaceServices: readonly string[];
  /** Subnets the interface endpoints are in, one for each zone. */
  readonly subnetIds: readonly string[];
}

/**
 * Ways to AWS services that do not leave the VPC: S3 by a gateway endpoint, which is free (ECR keeps its image layers
 * there), others by interface endpoints with private DNS, so that clients need no configuration. Each lets through what the
 * account's principals ask for, and little else.
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
 */
export class VpcEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: VpcEndpointsProps) {
    super(scope, id);
    const { vpcId } = props;
    const policy = (service: string) =>
      JSON.stringify(endpointPolicy(service, props.principals, props.account));
    new VpcEndpoint(this, "s3", {
      vpcId,
      vpcEndpointType: "Gateway",
      // The gateway has the plain name in China too; cn.com.amazonaws.….s3 is the interface endpoint.
      serviceName: `com.amazonaws.${props.region}.s3`,
      routeTableIds: [...props.routeTableIds],
      policy: policy("s3"),
      tags: { Name: `${props.environmentName}-s3` },
    });
    if (props.interfaceServices.length === 0) return;
    const { securityGroupId } = new HttpsFromVpc(this, "access", {
      name: `${props.environmentName}-vpc-endpoints`,
      description: "Interface endpoints: HTTPS from inside the VPC",
      vpcId,
      vpcCidr: props.vpcCidr,
    });
    for (const service of props.interfaceServices) {
      const name = service.replaceAll(".", "-");
      const serviceName = endpointServiceName(service, props.region);
      // Some services take no policy, and there is no list of them but this one.
      const offered = new DataAwsVpcEndpointService(this, `service-${name}`, {
        serviceName,
        serviceType: "Interface",
      });
      const document = new TerraformLocal(this, `policy-${name}`, policy(service));
      new VpcEndpoint(this, `interface-${name}`, {
        vpcId,
        vpcEndpointType: "Interface",
        serviceName,
        policy: `\${${offered.fqn}.vpc_endpoint_policy_supported ? ${document.fqn} : null}`,
        subnetIds: [...props.subnetIds],
        securityGroupIds: [securityGroupId],
        privateDnsEnabled: true,
        tags: { Name: `${props.environmentName}-${name}` },
      });
    }
  }
}
