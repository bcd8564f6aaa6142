import { CA_DIRECTORY } from "../../model/access/connection";
import { CA_CONFIG_MAP } from "../../model/access/namespace";
import type { ConnectedService } from "../access/service-connection";

/** A pod of the message board: one program of its image, run as one service. */
export interface BoardPod {
  /** Image of the message board, by tag or digest. */
  readonly image: string;
  /** Architecture the image is built for. @default any */
  readonly architecture?: "amd64" | "arm64";
  /** The service it runs as. */
  readonly service: ConnectedService;
}

/** User and group of the process; board/Dockerfile has the same. Any but root would do: the image belongs to root. */
const UID = "65532";

/**
 * Who the processes run as. Said for the pod and once more for each container: the kubernetes provider sends
 * `runAsNonRoot: false` for a container that leaves it out, which would win over the pod's.
 */
const PROCESS = {
  runAsNonRoot: true,
  runAsUser: UID,
  runAsGroup: UID,
  seccompProfile: { type: "RuntimeDefault" },
} as const;

/**
 * What both kinds of pods have in common, by the rules of the Pod Security Standard "restricted". IAM credentials come
 * from EKS, which projects a token of the ServiceAccount for STS or the node's agent; one for the Kubernetes API is not needed.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function boardPodSpec({ service, architecture }: BoardPod) {
  return {
    serviceAccountName: service.serviceAccount,
    automountServiceAccountToken: false,
    // The variables of every Service in the namespace are none of its business.
    enableServiceLinks: false,
    ...(architecture && { nodeSelector: { "kubernetes.io/arch": architecture } }),
    securityContext: PROCESS,
    volume: [{ name: CA_CONFIG_MAP, configMap: { name: service.certificates } }],
  };
}

/**
 * The container of such a pod.
 * @param program file in the image that node runs
 */
export function boardContainer({ image, service }: BoardPod, program: "server.js" | "migrate.js") {
  return {
    name: program.replace(".js", ""),
    image,
    args: [program],
    // Where the database is and whom to connect as: all but the token, which the program signs itself.
    envFrom: [{ configMapRef: { name: service.configMap } }],
    volumeMount: [{ name: CA_CONFIG_MAP, mountPath: CA_DIRECTORY, readOnly: true }],
    resources: {
      requests: { cpu: "50m", memory: "128Mi" },
      limits: { cpu: "500m", memory: "256Mi" },
    },
    securityContext: {
      ...PROCESS,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
    },
  };
}
