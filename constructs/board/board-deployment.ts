import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { componentLabels, programLabels } from "../shared/program-labels";
import { type ProgramPod, programContainer, programPodSpec } from "../shared/program-pod";

/** Options for {@link BoardDeployment}. */
export interface BoardDeploymentProps extends ProgramPod {
  /** Name of the Deployment and its disruption budget, and of the board in labels. */
  readonly name: string;
  /** Names that visitors ask for it by. Probes and `kubectl port-forward` ask by address, or for localhost. */
  readonly hosts: readonly string[];
  /** What must be done before the first pod starts: the migration. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Port the server listens on when PORT does not say another; health checks use it by this name. */
export const BOARD_PORT = { name: "http", containerPort: 8080 } as const;

/** Pods: a node or zone may fail, or be drained, without a visitor noticing. */
const REPLICAS = 2;

/**
 * The web pods of the message board. A new version takes over pod by pod, each ready before an old one ends; Terraform
 * waits until all are, and fails when they are not.
 *
 * An old pod needs no preStop hook: from SIGTERM on it says that it is not ready, takes requests for 5 s more, finishes
 * those under way within 15 s, and then closes its database connections (board/server.ts).
 */
export class BoardDeployment extends Construct {
  constructor(scope: Construct, id: string, props: BoardDeploymentProps) {
    super(scope, id);
    const { name, service } = props;
    const matchLabels = componentLabels(name, "web");
    const metadata = { name, namespace: service.namespace, labels: programLabels(name) };
    const spread = (topologyKey: string) => ({
      topologyKey,
      maxSkew: 1,
      // A pod in the wrong place is better than none.
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: [{ matchLabels }],
    });
    const probe = (path: string) => ({ httpGet: { path, port: BOARD_PORT.name } });
    new DeploymentV1(this, "deployment", {
      metadata,
      spec: {
        replicas: String(REPLICAS),
        selector: { matchLabels },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "1", maxUnavailable: "0" } },
        template: {
          metadata: {
            labels: { ...programLabels(name), ...matchLabels },
            // Variables of a ConfigMap reach only pods that start later: a database that moved starts new ones.
            annotations: { "checksum/database": Fn.sha256(Fn.jsonencode(service.variables)) },
          },
          spec: {
            ...programPodSpec(props),
            // The 20 s that stopping takes at most, and some for closing.
            terminationGracePeriodSeconds: 30,
            topologySpreadConstraint: [
              spread("topology.kubernetes.io/zone"),
              spread("kubernetes.io/hostname"),
            ],
            container: [
              {
                ...programContainer(props, "server.js"),
                env: [{ name: "ALLOWED_HOSTS", value: props.hosts.join(",") }],
                port: [BOARD_PORT],
                startupProbe: {
                  ...probe("/livez"),
                  periodSeconds: 2,
                  timeoutSeconds: 2,
                  failureThreshold: 30,
                },
                // Not of the database: a pod that starts again would not bring that back.
                livenessProbe: {
                  ...probe("/livez"),
                  periodSeconds: 10,
                  timeoutSeconds: 2,
                  failureThreshold: 3,
                },
                // The server gives the database 2 s to answer.
                readinessProbe: {
                  ...probe("/readyz"),
                  periodSeconds: 5,
                  timeoutSeconds: 3,
                  failureThreshold: 2,
                },
              },
            ],
          },
        },
      },
      dependsOn: [...props.dependsOn],
    });
    // Draining a node waits until the other pod is ready.
    new PodDisruptionBudgetV1(this, "disruption-budget", {
      metadata,
      spec: { minAvailable: "1", selector: { matchLabels } },
    });
  }
}
