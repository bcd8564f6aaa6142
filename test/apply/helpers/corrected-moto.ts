import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { listenOnLoopback } from "../../../lib/loopback";
import { CORRECTIONS, MISSING_ANSWERS } from "./corrections";
import { type Moto, startMoto } from "./moto";
import { type RecordedCalls, record } from "./recorded-calls";

/** Credentials that no file holds by chance: a search for them shows whether Terraform wrote any down. */
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "AKIAAPPLYTESTAPPLYTE",
  AWS_SECRET_ACCESS_KEY: "apply-test-secret-access-key-4c1f0b7e",
} as const;

/** A local AWS API that knows what each stack has asked for. */
export interface CorrectedMoto extends Moto {
  readonly calls: RecordedCalls;
}

/**
 * A local AWS API whose answers pass through {@link CORRECTIONS}, with {@link MISSING_ANSWERS}. Requests reach it unchanged.
 */
export async function startCorrectedMoto(): Promise<CorrectedMoto> {
  const moto = await startMoto();
  const calls = new Map<string, Set<string>>();
  const server = createServer((incoming, outgoing) => {
    forward(moto.url, calls, incoming, outgoing).catch((error: unknown) => {
      outgoing.writeHead(502).end(String(error));
    });
  });
  const { port, close } = await listenOnLoopback(server);
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await close();
    await moto.stop();
  };
  return { ...moto, url, env: { ...moto.env, ...CREDENTIALS, AWS_ENDPOINT_URL: url }, calls, stop };
}

async function forward(
  target: string,
  calls: Map<string, Set<string>>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await buffer(incoming);
  record(calls, incoming, body);
  const [path = ""] = (incoming.url ?? "").split("?");
  const missing = MISSING_ANSWERS.find((each) => each.path.test(path));
  if (missing) {
    outgoing.setHeader("content-type", "application/json").end(missing.answer);
    return;
  }
  // Its Host header goes on as it is: moto sees the signed request.
  const options = { method: incoming.method, headers: incoming.headers };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${target}${incoming.url}`, options, resolve).once("error", reject).end(body);
  });
  const text = (await buffer(answer)).toString("utf8");
  const corrected = Buffer.from(CORRECTIONS.reduce((body, { correct }) => correct(body), text));
  const { "transfer-encoding": _, connection: __, ...headers } = answer.headers;
  const length = incoming.method === "HEAD" ? {} : { "content-length": corrected.length };
  outgoing.writeHead(answer.statusCode ?? 502, { ...headers, ...length });
  outgoing.end(corrected);
}
