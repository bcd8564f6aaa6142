import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import { Construct } from "constructs";
import { componentLabels, programLabels } from "../shared/program-labels";
import { BOARD_PORT } from "./board-deployment";

/** Options for {@link BoardService}. */
export interface BoardServiceProps {
  /** Name of the board, which the Service's starts with. */
  readonly name: string;
  /** Namespace of the board's pods. */
  readonly namespace: string;
  /** IPv4 block of the VPC, which may always reach the board. */
  readonly vpcCidr: string;
  /** IPv4 blocks outside the VPC that may too. Empty: the load balancer has private addresses only. */
  readonly publicAccessCidrs: readonly string[];
  /** Tags of the load balancer, which the provider's default tags do not reach. */
  readonly tags: Readonly<Record<string, string>>;
}

const ANNOTATION = "service.beta.kubernetes.io/aws-load-balancer";

/**
 * A Network Load Balancer in front of the web pods, internal unless blocks outside the VPC are named. It speaks plain
 * HTTP: TLS takes a certificate for a host name, and the board has none of its own.
 *
 * The cloud controller of every EKS cluster makes it, as `-type` and `-internal` say. Where the AWS Load Balancer Controller
 * is installed, that takes new Services over, and reads `-scheme`. Both find subnets by their tags, and both would let
 * the whole internet to the port on the nodes if there were no `loadBalancerSourceRanges`.
 * @see https://github.com/kubernetes/cloud-provider-aws/blob/master/docs/service_controller.md
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
 */
export class BoardService extends Construct {
  /** Name of the Service. */
  readonly name: string;
  /** Host name of the load balancer. It resolves a few minutes after the Service is there. */
  readonly hostName: string;
  /** All names that lead to the board: the load balancer's, and the Service's inside the EKS cluster. */
  readonly hostNames: readonly string[];

  constructor(scope: Construct, id: string, props: BoardServiceProps) {
    super(scope, id);
    const { name, namespace, publicAccessCidrs } = props;
    const internal = publicAccessCidrs.length === 0;
    const service = new ServiceV1(this, "service", {
      metadata: {
        // A load balancer stays what it was made as, so the other kind is another Service:
        // "TODO: Sync internal vs non-internal" in cloud-provider-aws, pkg/providers/v1/aws_loadbalancer.go.
        name: internal ? name : `${name.slice(0, 56)}-public`,
        namespace,
        labels: programLabels(name),
        annotations: {
          [`${ANNOTATION}-type`]: "nlb",
          [`${ANNOTATION}-internal`]: String(internal),
          [`${ANNOTATION}-scheme`]: internal ? "internal" : "internet-facing",
          [`${ANNOTATION}-additional-resource-tags`]: Object.entries(props.tags)
            .map((tag) => tag.join("="))
            .join(","),
        },
      },
      spec: {
        type: "LoadBalancer",
        selector: componentLabels(name, "web"),
        port: [{ name: BOARD_PORT.name, port: 80, targetPort: BOARD_PORT.name, protocol: "TCP" }],
        loadBalancerSourceRanges: [props.vpcCidr, ...publicAccessCidrs],
      },
      waitForLoadBalancer: true,
      // The AWS Load Balancer Controller sets it, and to the provider its absence here would mean another Service.
      lifecycle: { ignoreChanges: ["spec[0].load_balancer_class"] },
    });
    this.name = service.metadata.name;
    this.hostName = service.status.get(0).loadBalancer.get(0).ingress.get(0).hostname;
    const inNamespace = `${this.name}.${namespace}`;
    this.hostNames = [
      this.hostName,
      this.name,
      inNamespace,
      `${inNamespace}.svc`,
      `${inNamespace}.svc.cluster.local`,
    ];
  }
}
