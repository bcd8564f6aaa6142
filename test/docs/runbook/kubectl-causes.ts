/** What goes wrong for kubectl. */
export interface KubectlCause {
  /** The heading of the runbook below which its text is. */
  readonly heading: string;
  readonly name: string;
  /** Programs besides kubectl. @default none */
  readonly needs?: readonly string[];
  /** The cluster of a kubeconfig, by where an API listens, a port where nothing does, and the API's CA, PEM. */
  readonly cluster: (place: {
    readonly port: number;
    readonly closed: number;
    readonly ca: string;
  }) => object;
  /** The user of a kubeconfig. */
  readonly user: object;
}

const HOST = "https://ABCDEF.gr7.eu-west-1.eks.invalid";

/** Everything that goes wrong before the EKS cluster decides anything. */
export const KUBECTL_CAUSES: readonly KubectlCause[] = [
  {
    heading: "was refused",
    name: "a tunnel that does not run",
    cluster: ({ closed }) => ({ server: HOST, "proxy-url": `socks5://127.0.0.1:${closed}` }),
    user: { token: "any" },
  },
  {
    heading: "Unable to connect to the server",
    name: "a host that is not there",
    cluster: () => ({ server: HOST }),
    user: { token: "any" },
  },
  {
    heading: "Unable to connect to the server",
    name: "no credentials of AWS",
    needs: ["aws"],
    cluster: () => ({ server: HOST }),
    user: {
      exec: {
        apiVersion: "client.authentication.k8s.io/v1beta1",
        command: "aws",
        args: ["eks", "get-token", "--cluster-name", "dev", "--region", "eu-west-1"],
        interactiveMode: "Never",
      },
    },
  },
  {
    heading: "You must be logged in to the server",
    name: "somebody whom the EKS cluster does not know",
    cluster: ({ port, ca }) => ({
      server: `https://localhost:${port}`,
      "certificate-authority-data": Buffer.from(ca).toString("base64"),
    }),
    user: { token: "nobody's" },
  },
];
