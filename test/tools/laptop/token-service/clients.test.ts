import { fromTemporaryCredentials, fromTokenFile, fromWebToken } from "@aws-sdk/credential-providers";
import { describe, expect, test } from "@jest/globals";
import { usePod } from "./pod";
import { ON_CALL, REGION, roleArn, TIMEOUT, useAws } from "./support";

const aws = useAws();
const pod = usePod(aws);

describe("the unmodified AWS SDK for JavaScript", () => {
  const providers = `const providers = require("@aws-sdk/credential-providers");`;
  for (const name of ["fromNodeProviderChain", "fromTokenFile"]) {
    test(
      `${name} needs nothing but what EKS puts into a pod, and the endpoint variable`,
      async () => {
        const script = `${providers} providers.${name}()().then((it) => console.log(JSON.stringify(it)))`;
        const { stdout, stderr } = await pod.run(process.execPath, ["-e", script], pod.environment());
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
      const env = { ...pod.environment(), AWS_ROLE_ARN: roleArn("billing-worker") };
      expect(await pod.run(process.execPath, ["-e", script], env)).toMatchObject({
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
      webIdentityTokenFile: pod.tokenFile,
      roleArn: roleArn("on-call"),
      clientConfig,
    });
    await expect(webIdentity()).rejects.toMatchObject({ name: "AccessDenied" });
  });
});
