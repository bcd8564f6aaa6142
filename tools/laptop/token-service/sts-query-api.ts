import { randomUUID } from "node:crypto";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { logLine } from "./log-line";
import { actionOf, type StsContext } from "./sts-actions";
import { malformedInput, StsError } from "./sts-error";
import { parameters } from "./sts-parameters";
import { xml } from "./xml";

/** Options for {@link queryApi}. */
export interface QueryApiOptions extends StsContext {
  /** Takes a line for each refusal, with its reason, never a token or a secret. */
  readonly log: (line: string) => void;
}

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
const MAX_BODY_BYTES = 65_536;

/**
 * The Query API of STS, as far as the login of services and people needs it: AssumeRoleWithWebIdentity, AssumeRole and
 * GetCallerIdentity, with the answers and errors of AWS.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html
 */
export function queryApi(options: QueryApiOptions): Hono {
  const app = new Hono();
  const refuse = (context: Context, error: StsError) => {
    options.log(logLine(`token service: ${error.code}: ${error.reason}`));
    return answer(context, error.status, "ErrorResponse", (requestId) => ({
      Error: { Type: "Sender", Code: error.code, Message: error.message },
      RequestId: requestId,
    }));
  };

  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (context) =>
        refuse(
          context,
          new StsError(413, "RequestEntityTooLarge", `The request is larger than ${MAX_BODY_BYTES} bytes.`),
        ),
    }),
  );
  app.on(["GET", "POST"], "/", async (context) => {
    const url = new URL(context.req.url);
    const body = Buffer.from(await context.req.arrayBuffer());
    const given = parameters(pairs(context, url, body));
    const { name, run } = actionOf(given);
    const { method, raw } = context.req;
    const signed = { method, path: "/", query: url.searchParams, headers: raw.headers, body };
    const result = await run(options, { parameters: given, signed });
    return answer(context, 200, `${name}Response`, (requestId) => ({
      [`${name}Result`]: result,
      ResponseMetadata: { RequestId: requestId },
    }));
  });
  app.all("/", (context) =>
    refuse(context, new StsError(405, "MethodNotAllowed", "STS takes GET and POST only.")),
  );
  app.notFound((context) =>
    refuse(context, new StsError(404, "UnknownOperationException", "STS has no path but /.")),
  );
  app.onError((error, context) => {
    if (error instanceof StsError) return refuse(context, error);
    options.log(logLine(`token service: InternalFailure: ${error.stack ?? error.message}`));
    return answer(context, 500, "ErrorResponse", (requestId) => ({
      Error: {
        Type: "Receiver",
        Code: "InternalFailure",
        Message: "The token service failed; its log says why.",
      },
      RequestId: requestId,
    }));
  });
  return app;
}

/** Parameters come in the query of a GET and in the form of a POST, and never in both. */
function pairs(context: Context, { searchParams }: URL, body: Buffer): URLSearchParams {
  if (context.req.method === "GET") return searchParams;
  if (searchParams.size > 0) throw malformedInput("A POST carries its parameters in its body.");
  const type = context.req.header("content-type") ?? "";
  if (!/^application\/x-www-form-urlencoded *(;|$)/i.test(type)) {
    throw malformedInput("The body must be application/x-www-form-urlencoded.");
  }
  return new URLSearchParams(body.toString());
}

function answer(
  context: Context,
  status: 200 | 500 | StsError["status"],
  name: string,
  content: (requestId: string) => Parameters<typeof xml>[1],
): Response {
  const requestId = randomUUID();
  return context.body(xml(name, content(requestId), NAMESPACE), status, {
    "content-type": "text/xml",
    "cache-control": "no-store",
    "x-amzn-requestid": requestId,
  });
}
