import { CA_DIRECTORY } from "../../model/access/connection";
import { CA_CONFIG_MAP } from "../../model/access/namespace";
import type { ConnectedService } from "../access/service-connection";

/** A pod of one of our own programs, run as one service. */
export interface ProgramPod {
  /** Image of the program, by tag or digest. */
  readonly image: string;
  /** Architecture the image is built for. @default any */
  readonly architecture?: "amd64" | "arm64";
  /** The service it runs as. */
  readonly service: ConnectedService;
  /** A ConfigMap whose files it reads, beside the certificates. @default none */
  readonly files?: { readonly configMap: string; readonly directory: string };
}

/** User and group of the process; image/Dockerfile has the same. Any but root would do: the image belongs to root. */
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

/** Name of the volume with a program's own files. */
const FILES = "files";

/**
 * What all such pods have in common, by the rules of the Pod Security Standard "restricted". IAM credentials come
 * from EKS, which projects a token of the ServiceAccount for STS or the node's agent; one for the Kubernetes API is not needed.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function programPodSpec({ service, architecture, files }: ProgramPod) {
  return {
    serviceAccountName: service.serviceAccount,
    automountServiceAccountToken: false,
    // The variables of every Service in the namespace are none of its business.
    enableServiceLinks: false,
    ...(architecture && { nodeSelector: { "kubernetes.io/arch": architecture } }),
    securityContext: PROCESS,
    volume: [
      { name: CA_CONFIG_MAP, configMap: { name: service.certificates } },
      ...(files ? [{ name: FILES, configMap: { name: files.configMap } }] : []),
    ],
  };
}

/**
 * The container of such a pod.
 * @param program file in the image that node runs
 */
export function programContainer(
  { image, service, files }: ProgramPod,
  program: "server.js" | "migrate.js" | "verify.js",
) {
  return {
    name: program.replace(".js", ""),
    image,
    args: [program],
    // Where the database is and whom to connect as: all but the token, which the program signs itself.
    envFrom: [{ configMapRef: { name: service.configMap } }],
    volumeMount: [
      { name: CA_CONFIG_MAP, mountPath: CA_DIRECTORY, readOnly: true },
      ...(files ? [{ name: FILES, mountPath: files.directory, readOnly: true }] : []),
    ],
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
