import { describe, expect } from "@jest/globals";
import { run } from "../../../helpers/run";
import { testUnless } from "../../../helpers/skip";
import { usePod } from "./pod";
import { ON_CALL, ordersApi, REGION, roleArn, TIMEOUT, useAws } from "./support";

const ASSUMED = "arn:aws:sts::123456789012:assumed-role/dev-db-orders-api";
const noCli = run("aws", ["--version"]).status === 0 ? undefined : "the AWS CLI is not installed";
const noBoto = run("python3", ["-c", "import boto3"]).status === 0 ? undefined : "python3 has no boto3";

const aws = useAws();
const pod = usePod(aws);

describe("the AWS CLI", () => {
  const cli = (args: readonly string[], env: Readonly<Record<string, string>>) =>
    pod.run("aws", [...args, "--output", "json"], env);

  testUnless(
    noCli,
    "says whose role it has, by the variables of a pod",
    async () => {
      const { stdout, stderr } = await cli(["sts", "get-caller-identity"], {
        ...pod.environment(),
        AWS_ROLE_SESSION_NAME: "cli",
      });
      expect(JSON.parse(stdout || stderr)).toEqual({
        UserId: expect.stringMatching(/^AROA[A-Z2-7]{17}:cli$/),
        Account: "123456789012",
        Arn: `${ASSUMED}/cli`,
      });
    },
    TIMEOUT,
  );

  testUnless(
    noCli,
    "takes a role with a token, and is told why not",
    async () => {
      const env = { AWS_ENDPOINT_URL_STS: aws.url, AWS_DEFAULT_REGION: REGION };
      const token = await ordersApi(aws);
      const assume = (role: string) =>
        cli(
          [
            ...["sts", "assume-role-with-web-identity", "--role-arn", roleArn(role)],
            ...["--role-session-name", "cli", "--web-identity-token", token],
          ],
          env,
        );
      const { stdout, stderr } = await assume("orders-api");
      expect(JSON.parse(stdout || stderr)).toMatchObject({
        SubjectFromWebIdentityToken: "system:serviceaccount:shop:orders-api",
        Audience: "sts.amazonaws.com",
        AssumedRoleUser: { Arn: `${ASSUMED}/cli` },
      });
      const refused = await assume("orders-migrations");
      expect(refused).toMatchObject({ failed: true });
      expect(refused.stderr).toContain(
        "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity",
      );
    },
    TIMEOUT,
  );

  testUnless(
    noCli,
    "takes the role of a group as a person who signed in",
    async () => {
      const signedIn = aws.signIn(ON_CALL);
      const { stdout, stderr } = await cli(
        ["sts", "assume-role", "--role-arn", roleArn("on-call"), "--role-session-name", "alice"],
        {
          AWS_ENDPOINT_URL_STS: aws.url,
          AWS_DEFAULT_REGION: REGION,
          AWS_ACCESS_KEY_ID: signedIn.accessKeyId,
          AWS_SECRET_ACCESS_KEY: signedIn.secretAccessKey,
          AWS_SESSION_TOKEN: signedIn.sessionToken,
        },
      );
      expect(JSON.parse(stdout || stderr).AssumedRoleUser.Arn).toBe(
        "arn:aws:sts::123456789012:assumed-role/dev-db-on-call/alice",
      );
    },
    TIMEOUT,
  );
});

testUnless(
  noBoto,
  "boto3 says whose role it has, by the variables of a pod",
  async () => {
    const script = `import boto3; print(boto3.client("sts").get_caller_identity()["Arn"])`;
    const { stdout, stderr } = await pod.run("python3", ["-c", script], pod.environment());
    expect(stdout || stderr).toContain(`${ASSUMED}/`);
  },
  TIMEOUT,
);
