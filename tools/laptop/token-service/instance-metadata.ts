import { createHmac, randomBytes } from "node:crypto";
import type { Hono } from "hono";
import { type CredentialsAppOptions, credentialsApp, credentialsBody, instant } from "./credentials-app";
import type { SessionCredentials } from "./local-iam";
import { logLine } from "./log-line";
import { sameSignature } from "./signature";
import { StsError } from "./sts-error";

/** Options for {@link instanceMetadata}. */
export interface InstanceMetadataOptions extends Omit<CredentialsAppOptions, "name"> {
  /** Name of the role in the instance's profile. */
  readonly role: string;
  readonly region: string;
  /** Takes the role; throws an StsError when EC2 is not trusted. */
  readonly take: () => SessionCredentials;
  /** The time in milliseconds since 1970. */
  readonly clock: () => number;
}

const NAME = "instance metadata";
const MAX_TTL_SECONDS = 21_600;
const ROLES = "/latest/meta-data/iam/security-credentials/";

/**
 * The metadata service of one EC2 instance, as far as credentials need it: version 2 alone, in which a session begins with a
 * PUT that no redirect, open proxy or web page can be talked into. A token is good for this instance only.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html
 */
export function instanceMetadata({ role, region, take, clock, ...rest }: InstanceMetadataOptions): Hono {
  const app = credentialsApp({ ...rest, name: NAME });
  const secret = randomBytes(32);
  const mark = (end: string) => createHmac("sha256", secret).update(end).digest("base64url");
  const valid = (token: string) => {
    const [end = "", given = ""] = token.split(".");
    return (
      token === `${end}.${given}` && sameSignature(given, mark(end)) && Number.parseInt(end, 36) > clock()
    );
  };
  /** Where EC2 may not take the role, that is what the answer says, with a status of 200: SDKs look for its code. */
  const credentials = () => {
    try {
      return { Code: "Success", Type: "AWS-HMAC", ...credentialsBody(take()) };
    } catch (error) {
      if (!(error instanceof StsError)) throw error;
      rest.log(logLine(`${NAME}: ${error.code}: ${error.reason}`));
      return { Code: "AssumeRoleUnauthorizedAccess", Message: error.message };
    }
  };

  app.put("/latest/api/token", (context) => {
    const ttl = context.req.header("x-aws-ec2-metadata-token-ttl-seconds") ?? "";
    const seconds = Number(ttl);
    if (!/^\d{1,5}$/.test(ttl) || seconds < 1 || seconds > MAX_TTL_SECONDS) {
      throw new StsError(
        400,
        "BadRequest",
        "Missing or invalid parameters.",
        "not a time to live for a token",
      );
    }
    const end = (clock() + seconds * 1000).toString(36);
    return context.text(`${end}.${mark(end)}`, 200, { "x-aws-ec2-metadata-token-ttl-seconds": ttl });
  });
  app.use("/latest/meta-data/*", async (context, next) => {
    if (!valid(context.req.header("x-aws-ec2-metadata-token") ?? "")) {
      throw new StsError(
        401,
        "Unauthorized",
        "Unauthorized.",
        "not a token of this instance that is valid now",
      );
    }
    await next();
  });
  app.get("/latest/meta-data/placement/region", (context) => context.text(region));
  app.get(ROLES, (context) => context.text(role));
  app.get(`${ROLES}:role`, (context) => {
    if (context.req.param("role") !== role) return context.notFound();
    return context.json({ LastUpdated: instant(new Date(clock())), ...credentials() });
  });
  return app;
}
