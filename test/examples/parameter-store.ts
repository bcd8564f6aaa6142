import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { z } from "zod";

/** What a request for parameters says. */
const asked = z.strictObject({
  Path: z.string().optional(),
  Name: z.string().optional(),
  NextToken: z.string().optional(),
});

/** Options for {@link startParameterStore}. */
export interface ParameterStoreOptions {
  /** Values by the names of parameters. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Whether whoever asks may do this with a parameter, or with all below a path. */
  readonly may: (action: string, name: string) => boolean;
}

/** Systems Manager's Parameter Store, as far as the examples ask it: a page of three at a time, and what a role may see. */
export interface ParameterStore {
  /** For AWS_ENDPOINT_URL_SSM. */
  readonly url: string;
  /** What was asked for with the credentials of a role's session, such as `ssm:GetParameter /dev/database/rds-ca.pem`. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

const PAGE = 3;

/** Starts it on a free port of loopback. */
export async function startParameterStore({
  parameters,
  may,
}: ParameterStoreOptions): Promise<ParameterStore> {
  const log: string[] = [];
  function answer(action: string, { Path, Name = Path ?? "", NextToken = "0" }: z.infer<typeof asked>) {
    log.push(`${action} ${Name}`);
    if (!may(action, Name)) return { status: 400, body: { __type: "AccessDeniedException" } };
    if (Path === undefined) {
      const value = parameters.get(Name);
      if (value === undefined) return { status: 400, body: { __type: "ParameterNotFound" } };
      return { status: 200, body: { Parameter: { Name, Value: value } } };
    }
    const below = [...parameters].filter(([name]) => name.startsWith(`${Path}/`));
    const next = Number(NextToken) + PAGE;
    return {
      status: 200,
      body: {
        Parameters: below
          .slice(Number(NextToken), next)
          .map(([name, value]) => ({ Name: name, Value: value })),
        ...(next < below.length && { NextToken: String(next) }),
      },
    };
  }

  const server = createServer(async (request, response) => {
    const action = String(request.headers["x-amz-target"]).replace("AmazonSSM.", "ssm:");
    const body = asked.parse(JSON.parse(await text(request)));
    const ofSession = /Credential=ASIA\w+\/\d+\/eu-west-1\/ssm\//.test(String(request.headers.authorization));
    const given = ofSession
      ? answer(action, body)
      : { status: 400, body: { __type: "UnrecognizedClientException" } };
    response.writeHead(given.status, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(given.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked: log,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
