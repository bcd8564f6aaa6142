import { z } from "zod";
import { malformedInput, validationError } from "./sts-error";

/** Parameters of a request by name; each occurs once. */
export type Parameters = Readonly<Record<string, string>>;

/** Roles have the MaxSessionDuration of a new one: an hour. */
const MAX_SESSION_SECONDS = 3600;

/** The words of AWS for a parameter that is too short, too long or holds what it must not. */
const text = (min: number, max: number, pattern = "[\\s\\S]*") =>
  z
    .string("Member must not be null")
    .min(min, `Member must have length greater than or equal to ${min}`)
    .max(max, `Member must have length less than or equal to ${max}`)
    .regex(new RegExp(`^${pattern}$`), `Member must satisfy regular expression pattern: ${pattern}`);

/** Seconds a session lasts; a role could be made to allow up to twelve hours. */
const durationSeconds = z
  .string()
  .regex(/^\d{1,9}$/, "Member must be a number")
  .default(String(MAX_SESSION_SECONDS))
  .transform(Number)
  .pipe(
    z
      .number()
      .min(900, "Member must have value greater than or equal to 900")
      .max(43_200, "Member must have value less than or equal to 43200"),
  );

const common = { Action: z.string(), Version: z.string() };
const roleSession = {
  ...common,
  RoleArn: text(20, 2048),
  RoleSessionName: text(2, 64, "[\\w+=,.@-]*"),
  DurationSeconds: durationSeconds,
};

/** What the actions take. A session policy or a tag that was left out would give more than was asked for: refused. */
export const SCHEMAS = {
  AssumeRole: z.strictObject({
    ...roleSession,
    SourceIdentity: text(2, 64, "[\\w+=,.@-]*").optional(),
    ExternalId: text(2, 1224, "[\\w+=,.@:/-]*").optional(),
  }),
  AssumeRoleWithWebIdentity: z.strictObject({ ...roleSession, WebIdentityToken: text(4, 20_000) }),
  GetCallerIdentity: z.strictObject(common),
};

/**
 * Reads `name=value&…`.
 * @throws StsError when a name occurs twice: which one counts is a question to be asked by attackers only
 */
export function parameters(pairs: URLSearchParams): Parameters {
  const names = [...pairs.keys()];
  if (new Set(names).size < names.length) throw malformedInput("A parameter occurs more than once.");
  return Object.fromEntries(pairs);
}

/**
 * Checks the parameters of an action as AWS does, all at once.
 * @throws StsError that names every wrong one, with its value unless that is secret
 */
export function checked<Values>(schema: z.ZodType<Values>, given: Parameters): Values {
  const { data, error } = schema.safeParse(given);
  if (data !== undefined) return data;
  const names: string[] = [];
  const problems = (error?.issues ?? []).map((issue) => {
    if (issue.code === "unrecognized_keys") return `Parameters not known here: ${issue.keys.join(", ")}`;
    const name = String(issue.path[0]);
    names.push(name);
    const value = name === "WebIdentityToken" || given[name] === undefined ? "" : `'${given[name]}' `;
    return `Value ${value}at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: ${issue.message}`;
  });
  throw validationError(
    `${problems.length} validation error${problems.length === 1 ? "" : "s"} detected: ${problems.join("; ")}`,
    // A token may have been put in the wrong place: the log gets no value.
    `parameters not as they must be: ${names.join(", ") || "unknown ones"}`,
  );
}

/**
 * Checks what comes after the shape of the parameters: that the ARN is a role's, and the session not too long for it.
 * @throws StsError
 */
export function checkRole({ RoleArn, DurationSeconds }: { RoleArn: string; DurationSeconds: number }): void {
  if (!/^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(RoleArn)) {
    throw validationError("Request ARN is invalid");
  }
  if (DurationSeconds > MAX_SESSION_SECONDS) {
    throw validationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
}
