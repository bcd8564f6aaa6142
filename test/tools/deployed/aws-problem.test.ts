import { expect, test } from "@jest/globals";
import { awsProblem, NO_PLUGIN } from "../../../tools/deployed/aws-problem";
import { sessionProblem } from "../../../tools/tunnel/forward-session";

const EXPIRED = "the AWS credentials have expired; run `aws sso login`, or renew them where they came from";

// What AWS CLI 1 and 2 print, from their sources and AWS's documentation.
test.each<[string, string]>([
  [
    "\nAn error occurred (ExpiredToken) when calling the GetCallerIdentity operation: The security token included in the request is expired\n",
    EXPIRED,
  ],
  [
    "An error occurred (ExpiredTokenException) when calling the StartSession operation: The security token included in the request is expired",
    EXPIRED,
  ],
  ["Error when retrieving token from sso: Token has expired and refresh failed", EXPIRED],
  [
    "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session run aws sso login with the corresponding profile.",
    EXPIRED,
  ],
  ["Error loading SSO Token: Token for acme does not exist", EXPIRED],
  [
    'Unable to locate credentials. You can configure credentials by running "aws login".',
    "there are no AWS credentials; run `aws sso login`, or set AWS_PROFILE",
  ],
  [
    "The config profile (nope) could not be found",
    "AWS_PROFILE names no profile of this machine; `aws configure list-profiles` lists them",
  ],
  [
    "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid.",
    "AWS does not accept these credentials; run `aws sso login`, or renew them where they came from",
  ],
  [
    "fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden",
    "these AWS credentials lack a permission that docs/private-access.md lists: fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden",
  ],
  [
    'Could not connect to the endpoint URL: "https://sts.eu-west-1.amazonaws.com/"',
    'AWS cannot be reached; check this machine\'s network: Could not connect to the endpoint URL: "https://sts.eu-west-1.amazonaws.com/"',
  ],
  [
    "SessionManagerPlugin is not found. Please refer to SessionManager Documentation here: http://docs.aws.amazon.com/console/systems-manager/session-manager-plugin-not-found",
    NO_PLUGIN,
  ],
  ["Traceback\n  something else\nOops \u001b[2J!\n", "the AWS CLI failed: Oops \\u{1b}[2J!"],
  ["", "the AWS CLI failed: it said nothing"],
])("%j becomes one sentence with a remedy", (said, sentence) => {
  expect(awsProblem(said)).toBe(sentence);
});

test.each([
  "An error occurred (TargetNotConnected) when calling the StartSession operation: i-1 is not connected.",
  "An error occurred (InvalidInstanceId) when calling the StartSession operation: Instances not in a valid state",
])("%j says how to start the bastion", (said) => {
  expect(sessionProblem(said, "i-1")).toBe(
    "the bastion i-1 is not connected to Session Manager; start it (`aws ec2 start-instances --instance-ids i-1`) and wait a minute, or deploy the database stack if it is gone",
  );
});
