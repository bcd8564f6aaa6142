import { type ExecFileException, execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromTemporaryCredentials, fromTokenFile, fromWebToken } from "@aws-sdk/credential-providers";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ROOT, run } from "../../../helpers/run";
import { testUnless } from "../../../helpers/skip";
import { ON_CALL, ordersApi, REGION, roleArn, TIMEOUT, useAws } from "./support";

const ASSUMED = "arn:aws:sts::123456789012:assumed-role/dev-db-orders-api";
const noCli = run("aws", ["--version"]).status === 0 ? undefined : "the AWS CLI is not installed";
const noBoto = run("python3", ["-c", "import boto3"]).status === 0 ? undefined : "python3 has no boto3";

const aws = useAws();
const folder = mkdtempSync(join(tmpdir(), "clients-"));
const tokenFile = join(folder, "token");
beforeAll(async () => {
  writeFileSync(tokenFile, await ordersApi(aws), { mode: 0o600 });
}, TIMEOUT);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What EKS puts into a pod, and the address of STS. */
const podEnvironment = () => ({
  AWS_ENDPOINT_URL_STS: aws.url,
  AWS_REGION: REGION,
  // For the older Python clients, which read no other.
  AWS_DEFAULT_REGION: REGION,
  AWS_ROLE_ARN: roleArn("orders-api"),
  AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
});

/** Runs a program with nothing of this machine's AWS configuration; this process goes on serving meanwhile. */
function program(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ failed: boolean; stdout: string; stderr: string }> {
  const clean = { PATH: process.env.PATH, HOME: folder, PYENV_ROOT: process.env.PYENV_ROOT, AWS_PAGER: "" };
  return new Promise((resolve) => {
    execFile(
      command,
      args,
      { cwd: ROOT, env: { ...clean, ...env }, timeout: TIMEOUT },
      (error: ExecFileException | null, stdout, stderr) =>
        resolve({ failed: error !== null, stdout, stderr }),
    );
  });
}

describe("the unmodified AWS SDK for JavaScript", () => {
  const providers = `const providers = require("@aws-sdk/credential-providers");`;
  for (const name of ["fromNodeProviderChain", "fromTokenFile"]) {
    test(
      `${name} needs nothing but what EKS puts into a pod, and the endpoint variable`,
      async () => {
        const script = `${providers} providers.${name}()().then((it) => console.log(JSON.stringify(it)))`;
        const { stdout, stderr } = await program(process.execPath, ["-e", script], podEnvironment());
        const { accessKeyId = "", secretAccessKey, sessionToken, expiration } = JSON.parse(stdout || stderr);
        expect(aws.iam.session(accessKeyId)).toMatchObject({
          secretAccessKey,
          sessionToken,
          roleArn: roleArn("orders-api"),
          expiration: new Date(expiration),
        });
      },
      TIMEOUT,
    );
  }

  test(
    "a role of another service ends its chain with AccessDenied",
    async () => {
      const script = `${providers} providers.fromNodeProviderChain()().catch((it) => console.log(it.name))`;
      const env = { ...podEnvironment(), AWS_ROLE_ARN: roleArn("billing-worker") };
      expect(await program(process.execPath, ["-e", script], env)).toMatchObject({
        stdout: "AccessDenied\n",
      });
    },
    TIMEOUT,
  );

  test("its errors carry the names of AWS", async () => {
    const assume = (webIdentityToken: string) =>
      fromWebToken({
        webIdentityToken,
        roleArn: roleArn("orders-api"),
        roleSessionName: "test",
        clientConfig: { endpoint: aws.url, region: REGION, maxAttempts: 1 },
      })();
    const of = (options: { audience?: string; lifetimeSeconds?: number }) =>
      aws.issuer.serviceAccountToken("shop", "orders-api", options);
    await expect(assume(await of({}))).resolves.toMatchObject({
      accessKeyId: expect.stringMatching(/^ASIA/),
    });
    await expect(assume("not a token")).rejects.toMatchObject({ name: "InvalidIdentityTokenException" });
    await expect(assume(await of({ audience: "x" }))).rejects.toMatchObject({
      name: "InvalidIdentityTokenException",
    });
    await expect(assume(await of({ lifetimeSeconds: 0 }))).rejects.toMatchObject({
      name: "ExpiredTokenException",
    });
    await expect(assume("x")).rejects.toMatchObject({ name: "ValidationError" });
  });

  test("a person takes the role of the group with the credentials of the sign-in", async () => {
    const clientConfig = { endpoint: aws.url, region: REGION };
    const params = { RoleArn: roleArn("on-call"), RoleSessionName: "alice", DurationSeconds: 900 };
    const credentials = await fromTemporaryCredentials({
      params,
      masterCredentials: aws.signIn(ON_CALL),
      clientConfig,
    })();
    expect(aws.iam.session(credentials.accessKeyId)?.roleArn).toBe(roleArn("on-call"));
    await expect(
      fromTemporaryCredentials({
        params: { ...params, DurationSeconds: 3601 },
        masterCredentials: aws.signIn(ON_CALL),
        clientConfig,
      })(),
    ).rejects.toThrow("exceeds the MaxSessionDuration");
    const webIdentity = fromTokenFile({
      webIdentityTokenFile: tokenFile,
      roleArn: roleArn("on-call"),
      clientConfig,
    });
    await expect(webIdentity()).rejects.toMatchObject({ name: "AccessDenied" });
  });
});

describe("the AWS CLI", () => {
  const cli = (args: readonly string[], env: Readonly<Record<string, string>>) =>
    program("aws", [...args, "--output", "json"], env);

  testUnless(
    noCli,
    "says whose role it has, by the variables of a pod",
    async () => {
      const { stdout, stderr } = await cli(["sts", "get-caller-identity"], {
        ...podEnvironment(),
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
    const { stdout, stderr } = await program("python3", ["-c", script], podEnvironment());
    expect(stdout || stderr).toContain(`${ASSUMED}/`);
  },
  TIMEOUT,
);
