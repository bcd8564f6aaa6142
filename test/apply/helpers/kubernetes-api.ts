import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import { json } from "node:stream/consumers";
import { z } from "zod";
import type { Certificate } from "../../../lib/certificates";

const NAMES_TO_TEXT = z.record(z.string(), z.string()).optional();
const OBJECT = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.string().optional(),
    labels: NAMES_TO_TEXT,
    annotations: NAMES_TO_TEXT,
  }),
});
/** The operations that Terraform's provider sends. @see https://www.rfc-editor.org/rfc/rfc6902 */
const PATCH = z.array(
  z.object({
    op: z.enum(["add", "remove", "replace"]),
    path: z.string().startsWith("/"),
    value: z.unknown().optional(),
  }),
);

/** An object as it was sent, with what the server sets in its metadata. */
export type KubernetesObject = z.infer<typeof OBJECT>;
/** A JSON patch. */
export type Patch = z.infer<typeof PATCH>;

const NAMESPACES = "/api/v1/namespaces/";
const COLLECTION = /^\/api\/v1\/(?:namespaces\/([^/]+)\/)?(\w+)$/;
/** Where NetworkPolicies are; here they lie among the others of their namespace. */
const OTHER_APIS = /^\/apis\/networking\.k8s\.io\/v1(?=\/namespaces\/[^/]+\/networkpolicies\b)/;
/** What is in a collection: of the cluster itself, and of a namespace. */
const CLUSTER_KINDS = new Map([["namespaces", "Namespace"]]);
const NAMESPACED_KINDS = new Map([
  ["configmaps", "ConfigMap"],
  ["serviceaccounts", "ServiceAccount"],
  ["networkpolicies", "NetworkPolicy"],
]);

/** From 1.24 on a ServiceAccount gets no secret; before, the provider waits for one. */
const VERSION = { major: "1", minor: "34", gitVersion: "v1.34.0" };

/** Options for {@link KubernetesApi.start}. */
export interface KubernetesApiOptions {
  /** What it shows clients. */
  readonly certificate: Certificate;
  /** The bearer token that clients must send. */
  readonly token: string;
}

/**
 * As much of a Kubernetes API as the access stack needs: namespaces, ConfigMaps, ServiceAccounts and NetworkPolicies, in memory and over
 * TLS. It stores what it is sent. No controller runs: nothing is in a namespace but what was sent, and it goes at once.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
export class KubernetesApi {
  /** By path, such as `/api/v1/namespaces/shop/configmaps/rds-ca`. */
  private readonly objects = new Map<string, KubernetesObject>();
  private readonly server;
  private version = 0;

  private constructor({ certificate, token }: KubernetesApiOptions) {
    this.server = createServer({ cert: certificate.certificate, key: certificate.key });
    this.server.on("request", async (request: IncomingMessage, response) => {
      const { status, body } = await this.answer(request, token).catch(failure);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  }

  /** Serves on a free port of loopback. */
  static async start(options: KubernetesApiOptions): Promise<KubernetesApi> {
    const api = new KubernetesApi(options);
    await new Promise<void>((resolve) => api.server.listen(0, "127.0.0.1", resolve));
    return api;
  }

  get port(): number {
    const address = this.server.address();
    if (typeof address !== "object" || address === null) throw new Error("the server does not listen");
    return address.port;
  }

  /** Every object by its path below `/api/v1/namespaces/`, such as `shop/configmaps/rds-ca`. */
  stored(): ReadonlyMap<string, KubernetesObject> {
    return new Map([...this.objects].map(([path, object]) => [path.replace(NAMESPACES, ""), object]));
  }

  /** Makes a namespace by hand. */
  makeNamespace(name: string): void {
    this.create("/api/v1/namespaces", { kind: "Namespace", metadata: { name } });
  }

  /** Changes an object by hand; its path is as {@link stored} gives it. */
  edit(path: string, patch: Patch): void {
    this.change(`${NAMESPACES}${path}`, patch);
  }

  /** Deletes an object by hand. */
  delete(path: string): void {
    this.remove(`${NAMESPACES}${path}`);
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async answer(request: IncomingMessage, token: string): Promise<Answer> {
    if (request.headers.authorization !== `Bearer ${token}`) throw new Refusal(401, "Unauthorized");
    const { pathname } = new URL(request.url ?? "", "https://localhost");
    const path = pathname.replace(OTHER_APIS, "/api/v1");
    switch (`${request.method} ${request.headers["content-type"] ?? ""}`.trim()) {
      case "GET":
        return { status: 200, body: path === "/version" ? VERSION : this.find(path) };
      case "POST application/json":
        return { status: 201, body: this.create(path, OBJECT.parse(await json(request))) };
      case "PATCH application/json-patch+json":
        return { status: 200, body: this.change(path, PATCH.parse(await json(request))) };
      case "DELETE application/json":
        return { status: 200, body: this.remove(path) };
      default:
        throw new Refusal(405, "MethodNotAllowed");
    }
  }

  private find(path: string): KubernetesObject {
    const found = this.objects.get(path);
    if (!found) throw new Refusal(404, "NotFound", `${path} not found`);
    return found;
  }

  private create(collection: string, sent: KubernetesObject): KubernetesObject {
    const [, namespace, plural = ""] = COLLECTION.exec(collection) ?? [];
    const kind = (namespace ? NAMESPACED_KINDS : CLUSTER_KINDS).get(plural);
    if (!kind) throw new Refusal(404, "NotFound", `${collection} not found`);
    if (kind !== sent.kind) throw new Refusal(400, "BadRequest", `${collection} holds no ${sent.kind}`);
    if (namespace) this.find(`${NAMESPACES}${namespace}`);
    const { name, labels } = sent.metadata;
    const path = `${collection}/${name}`;
    if (this.objects.has(path)) throw new Refusal(409, "AlreadyExists", `${path} already exists`);
    return this.store(path, {
      ...sent,
      metadata: {
        ...sent.metadata,
        ...(namespace ? { namespace } : { labels: { ...labels, "kubernetes.io/metadata.name": name } }),
        uid: randomUUID(),
        creationTimestamp: new Date().toISOString(),
      },
    });
  }

  private change(path: string, patch: Patch): KubernetesObject {
    const changed = patch.reduce<unknown>(
      (object, operation) => patched(object, operation.path.slice(1).split("/").map(unescaped), operation),
      this.find(path),
    );
    return this.store(path, OBJECT.parse(changed));
  }

  /** Removes an object, and with a namespace all that is in it. */
  private remove(path: string): KubernetesObject {
    const removed = this.find(path);
    for (const each of this.objects.keys()) {
      if (each === path || each.startsWith(`${path}/`)) this.objects.delete(each);
    }
    return removed;
  }

  private store(path: string, object: KubernetesObject): KubernetesObject {
    this.version += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.version) };
    const stored = { ...object, metadata };
    this.objects.set(path, stored);
    return stored;
  }
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** A request that is refused, as Kubernetes says it. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    message = reason,
  ) {
    super(message);
  }
}

/** The Status object of an error; what cannot be read is a bad request. */
function failure(error: unknown): Answer {
  const { status, reason, message } =
    error instanceof Refusal ? error : new Refusal(400, "BadRequest", String(error));
  return {
    status,
    body: {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      reason,
      code: status,
    },
  };
}

/** An object after one operation. It must name what is there; `add` may name a new field of what is there. */
function patched(
  object: unknown,
  [key, ...rest]: readonly string[],
  operation: Patch[number],
): Record<string, unknown> {
  const fields = new Map<string, unknown>(Object.entries(Object(object)));
  const mayBeNew = operation.op === "add" && rest.length === 0;
  if (key === undefined || !(fields.has(key) || mayBeNew)) {
    throw new Refusal(422, "Invalid", `there is no ${operation.path} to ${operation.op}`);
  }
  if (rest.length > 0) fields.set(key, patched(fields.get(key), rest, operation));
  else if (operation.op === "remove") fields.delete(key);
  else fields.set(key, operation.value);
  return Object.fromEntries(fields);
}

/** A key of a JSON pointer. */
function unescaped(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}
