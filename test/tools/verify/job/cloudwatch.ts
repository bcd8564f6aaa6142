import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";

/** A request that somebody made to {@link LocalCloudWatch}. */
export interface Put {
  /** How it was signed. */
  readonly authorization: string;
  readonly namespace: string;
  /** Values by the name of their metric. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Plays CloudWatch on this machine, as far as metrics are put: in JSON, which is what the AWS SDK speaks to it. */
export class LocalCloudWatch {
  readonly puts: Put[] = [];
  /** Whether it refuses, as it does whom no policy allows it. */
  refuses = false;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<LocalCloudWatch> {
    const server = createServer();
    const played = new LocalCloudWatch(server);
    server.on("request", async (request, response) => {
      const { Namespace: namespace, MetricData: data } = JSON.parse(await text(request));
      const metrics = data.map(({ MetricName, Value }: Record<string, unknown>) => [MetricName, Value]);
      const { authorization = "" } = request.headers;
      played.puts.push({ authorization, namespace, metrics: Object.fromEntries(metrics) });
      response.writeHead(played.refuses ? 400 : 200, { "content-type": "application/x-amz-json-1.0" });
      response.end(played.refuses ? '{"__type":"AccessDeniedException","message":"not authorized"}' : "{}");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return played;
  }

  get url(): string {
    const address = this.server.address();
    if (typeof address !== "object" || address === null) throw new Error("it does not listen");
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, "close");
  }
}
