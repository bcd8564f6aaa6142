import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { listenOnLoopback } from "../../../lib/loopback";

/** An association as EKS keeps it. */
export interface Association {
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  readonly tags: unknown;
}

/** What EKS says in place of an association. */
interface Refusal {
  readonly type: string;
  readonly message: string;
}

/**
 * moto has no Pod Identity associations. This keeps them as EKS documents, one for each ServiceAccount, and looks at the trust
 * policy of the role, as EKS does when one is made or given another role; whether before that a change of it has come there.
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html
 */
export class EksAssociations {
  /** Where it is, for Terraform's AWS provider. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  private readonly kept = new Map<string, Association>();
  private made = 0;

  private constructor(
    port: number,
    readonly stop: () => Promise<void>,
    /** Whether EKS sees a role trust Pod Identity. */
    private readonly isTrusting: (roleArn: string) => Promise<boolean>,
  ) {
    this.env = { AWS_ENDPOINT_URL_EKS: `http://127.0.0.1:${port}` };
  }

  static async start(isTrusting: (roleArn: string) => Promise<boolean>): Promise<EksAssociations> {
    const server = createServer((request, response) => {
      associations
        .answer(request, response)
        .catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
    const { port, close } = await listenOnLoopback(server);
    const associations = new EksAssociations(port, close, isTrusting);
    return associations;
  }

  /** All of them, in the order in which they were made. */
  all(): readonly Association[] {
    return [...this.kept.values()];
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, clusterName = "", id = ""] =
      /^\/clusters\/([^/]+)\/pod-identity-associations(?:\/([^/]+))?$/.exec(request.url ?? "") ?? [];
    const body: unknown = request.method === "POST" ? await json(request) : {};
    const call = `${request.method} ${id ? "one" : "all"}`;
    const found = clusterName === "" ? UNKNOWN : await this.handle(call, clusterName, id, Object(body));
    response.setHeader("content-type", "application/json");
    if ("type" in found) {
      response.writeHead(400, { "x-amzn-errortype": found.type }).end(JSON.stringify(found));
      return;
    }
    const { associationId, ...association } = found;
    const associationArn = `arn:aws:eks:eu-west-1:123456789012:podidentityassociation/${clusterName}/${associationId}`;
    response.end(JSON.stringify({ association: { ...association, associationId, associationArn } }));
  }

  private async handle(
    call: string,
    clusterName: string,
    associationId: string,
    { namespace = "", serviceAccount = "", roleArn = "", tags = {} }: Partial<Association>,
  ): Promise<(Association & { readonly associationId: string }) | Refusal> {
    if (call === "POST all") {
      const same = this.all().some(
        (each) =>
          each.clusterName === clusterName &&
          each.namespace === namespace &&
          each.serviceAccount === serviceAccount,
      );
      if (same) return { type: "ResourceInUseException", message: "Association already exists" };
      if (!(await this.isTrusting(roleArn))) return INVALID;
      const made = { clusterName, namespace, serviceAccount, roleArn, tags };
      const id = `a-${String(++this.made).padStart(17, "0")}`;
      this.kept.set(id, made);
      return { ...made, associationId: id };
    }
    const found = this.kept.get(associationId);
    if (!found) return { type: "ResourceNotFoundException", message: "No association found" };
    if (call === "DELETE one") this.kept.delete(associationId);
    if (call !== "POST one") return { ...found, associationId };
    if (!(await this.isTrusting(roleArn))) return INVALID;
    this.kept.set(associationId, { ...found, roleArn });
    return { ...found, roleArn, associationId };
  }
}

const INVALID: Refusal = {
  type: "InvalidParameterException",
  message: "Trust policy of the role provided is invalid.",
};

const UNKNOWN: Refusal = { type: "NotFoundException", message: "There are associations alone here." };
