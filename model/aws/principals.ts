/** Longest name of an IAM role or user. */
const MAX_NAME = 64;

/** What is wrong with the part after `role/` or `user/` of an ARN, and what to do. */
const REFUSED: readonly (readonly [(path: string, name: string) => boolean, string])[] = [
  [(path) => /^\/|\/\//.test(path), "its path has an empty part; remove the slash that is too many"],
  [(_, name) => name === "", "it ends with a slash and names nothing; add the name"],
  [
    (_, name) => name.length > MAX_NAME,
    `its name is longer than the ${MAX_NAME} characters that IAM allows; look it up`,
  ],
  [
    (path, name) =>
      name.startsWith("AWSReservedSSO_") &&
      !/^aws-reserved\/sso\.amazonaws\.com\/([a-z0-9-]+\/)?$/.test(path),
    "roles of IAM Identity Center have a path; write role/aws-reserved/sso.amazonaws.com/<region>/AWSReservedSSO_…, as aws iam get-role prints it",
  ],
  [
    (path) => path.startsWith("aws-service-role/"),
    "only an AWS service can use a service-linked role; name another",
  ],
];

/** Why IAM knows no role or user by this ARN, or nobody can be it, with what to do; undefined when it may be. */
export function principalProblem(arn: string): string | undefined {
  const [, path = "", name = ""] = /:(?:role|user)\/((?:[^/]*\/)*)([^/]*)$/.exec(arn) ?? [];
  return REFUSED.find(([applies]) => applies(path, name))?.[1];
}

/** The ARN of the role of a session, such as `aws sts get-caller-identity` prints; undefined when it is none. */
export function roleOfSession(arn: string): string | undefined {
  const [, partition, account, role] =
    /^arn:([a-z-]+):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(arn) ?? [];
  if (role === undefined) return undefined;
  const path = role.startsWith("AWSReservedSSO_") ? "aws-reserved/sso.amazonaws.com/<region>/" : "";
  return `arn:${partition}:iam::${account}:role/${path}${role}`;
}
