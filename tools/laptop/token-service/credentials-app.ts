import { type Context, Hono } from "hono";
import type { SessionCredentials } from "./local-iam";
import { logLine } from "./log-line";
import { StsError } from "./sts-error";

/** Headers that whoever passes a request on puts into it, and programs that ask for their own credentials do not. */
const FORWARDED = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "origin"];

/** By what names this machine's own programs call it. Any other is of somebody who made it mean this machine. */
const OWN_NAMES = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/i;

/** Each other is nobody's who reads credentials; HEAD would be answered as a GET. */
const METHODS = ["GET", "PUT"];

/** Options for {@link credentialsApp}. */
export interface CredentialsAppOptions {
  /** What it plays, in the log. */
  readonly name: string;
  /** Takes a line for each refusal, with its reason, never a token or a secret. */
  readonly log: (line: string) => void;
}

/**
 * An app that gives out credentials to programs on this machine: to no page of a browser, whatever its name resolves to, and
 * through no proxy that could be talked into asking. Its answers are kept by nobody.
 */
export function credentialsApp({ name, log }: CredentialsAppOptions): Hono {
  const app = new Hono();
  const refuse = (context: Context, { status, code, message, reason }: StsError) => {
    log(logLine(`${name}: ${code}: ${reason}`));
    return context.json({ Code: code, Message: message }, status);
  };
  app.use(async (context, next) => {
    context.header("cache-control", "no-store");
    if (!OWN_NAMES.test(context.req.header("host") ?? "")) throw forbidden("called by another name");
    const forwarded = FORWARDED.find((header) => context.req.header(header) !== undefined);
    if (forwarded !== undefined) throw forbidden(`a request with the header ${forwarded}`);
    if (!METHODS.includes(context.req.method)) {
      throw new StsError(405, "MethodNotAllowed", "Credentials are read by GET.");
    }
    await next();
  });
  app.notFound((context) => refuse(context, new StsError(404, "NotFound", "There is nothing here.")));
  app.onError((error, context) => {
    if (error instanceof StsError) return refuse(context, error);
    log(logLine(`${name}: InternalFailure: ${error.stack ?? error.message}`));
    return context.json({ Code: "InternalFailure", Message: "It failed; the log says why." }, 500);
  });
  return app;
}

/** Only the log says why. */
export function forbidden(reason: string): StsError {
  return new StsError(403, "AccessDenied", "Access denied.", reason);
}

/** Credentials in the names that SDKs read, of containers as of instances. */
export function credentialsBody({
  accessKeyId,
  secretAccessKey,
  sessionToken,
  expiration,
}: SessionCredentials) {
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken,
    Expiration: instant(expiration),
  };
}

/** To the second: the AWS SDK for Python reads no fractions. */
export function instant(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}
