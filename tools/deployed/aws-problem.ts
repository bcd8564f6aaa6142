import { terminalText } from "../../lib/terminal-text";

/** A sentence for what the AWS CLI printed, which goes on for lines and names no remedy. */
interface Remedy {
  readonly pattern: RegExp;
  readonly sentence: (text: string, page: string) => string;
}

const LOGIN = "run `aws sso login`, or renew them where they came from";

/** The first that matches counts. */
const REMEDIES: readonly Remedy[] = [
  { pattern: /SessionManagerPlugin is not found/, sentence: () => NO_PLUGIN },
  {
    pattern:
      /Expired|session has expired|token has expired|SSO session .* (expired|invalid)|Error loading SSO Token|retrieving token from sso/i,
    sentence: () => `the AWS credentials have expired; ${LOGIN}`,
  },
  {
    pattern: /Unable to locate credentials|Partial credentials found|NoCredentials/,
    sentence: () => "there are no AWS credentials; run `aws sso login`, or set AWS_PROFILE",
  },
  {
    pattern: /config profile \((.*?)\) could not be found/,
    sentence: () => "AWS_PROFILE names no profile of this machine; `aws configure list-profiles` lists them",
  },
  {
    pattern: /InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature|AuthFailure/,
    sentence: () => `AWS does not accept these credentials; ${LOGIN}`,
  },
  {
    pattern: /AccessDenied|not authorized|UnauthorizedOperation|\(403\)|Forbidden/,
    sentence: (text, page) => `these AWS credentials lack a permission that ${page} lists: ${lastLine(text)}`,
  },
  {
    pattern:
      /Could not connect to the endpoint|ConnectTimeout|ReadTimeout|EndpointConnectionError|timed out/i,
    sentence: (text) => `AWS cannot be reached; check this machine's network: ${lastLine(text)}`,
  },
];

/** What is said when there is no `aws`. */
export const NO_CLI =
  "the AWS CLI is not installed: there is no command aws; install it from https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html";

/** What is said when there is no `session-manager-plugin`. */
export const NO_PLUGIN =
  "the AWS CLI's Session Manager plugin is not installed: there is no command session-manager-plugin; install it from https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html";

/**
 * What the AWS CLI's complaint means and what to do, in one sentence.
 * @param page what says which permissions are needed
 */
export function awsProblem(text: string, page = "docs/private-access.md"): string {
  const remedy = REMEDIES.find(({ pattern }) => pattern.test(text));
  return remedy?.sentence(text, page) ?? `the AWS CLI failed: ${lastLine(text)}`;
}

/** The last thing that was said: the CLI puts the error there. */
export function lastLine(text: string): string {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  return terminalText(lines.filter((line) => line !== "").at(-1) ?? "it said nothing");
}
