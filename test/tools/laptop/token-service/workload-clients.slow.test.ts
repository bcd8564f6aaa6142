import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { run } from "../../../helpers/run";
import { testUnless } from "../../../helpers/skip";
import { usePod } from "./pod";
import { REGION, TIMEOUT, useAws } from "./support";
import { arnOf, WORKLOAD_ROLES } from "./workload-roles";

const noBoto = run("python3", ["-c", "import boto3"]).status === 0 ? undefined : "python3 has no boto3";

const aws = useAws({
  roles: WORKLOAD_ROLES,
  associations: [{ namespace: "shop", serviceAccount: "pod", cluster: "dev", roleArn: arnOf("pod") }],
});
const pod = usePod(aws);
const tokenFile = join(tmpdir(), `workload-clients-${process.pid}.token`);
afterAll(() => rmSync(tokenFile, { force: true }));

const podToken = () => aws.issuer.serviceAccountToken("shop", "pod", { audience: "pods.eks.amazonaws.com" });

/** What AWS puts where each kind of workload runs, and the address of this machine's endpoint. */
const WORKLOADS: Readonly<Record<string, () => Promise<Readonly<Record<string, string>>>>> = {
  function: async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = aws.workloads.invoke(arnOf("function"));
    return {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    };
  },
  task: async () => {
    const { url, authorization } = aws.workloads.run(arnOf("task"));
    return { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization };
  },
  instance: async () => ({
    AWS_EC2_METADATA_SERVICE_ENDPOINT: await aws.workloads.launch(arnOf("instance")),
  }),
  pod: async () => {
    writeFileSync(tokenFile, await podToken(), { mode: 0o600 });
    return {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: aws.podIdentityUrl,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
    };
  },
};

const environments = new Map<string, Readonly<Record<string, string>>>();
beforeAll(async () => {
  for (const [name, variables] of Object.entries(WORKLOADS)) {
    environments.set(name, {
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_ENDPOINT_URL_STS: aws.url,
      ...(await variables()),
    });
  }
}, TIMEOUT);

describe.each(Object.keys(WORKLOADS))("by what it finds where it runs, a %s has its role", (name) => {
  const environment = () => environments.get(name) ?? {};

  test(
    "with the unmodified AWS SDK for JavaScript",
    async () => {
      const script = `require("@aws-sdk/credential-providers").fromNodeProviderChain()().then((it) => console.log(JSON.stringify(it)))`;
      const { stdout, stderr } = await pod.run(process.execPath, ["-e", script], environment());
      const { accessKeyId = "" } = JSON.parse(stdout || stderr);
      expect(aws.iam.session(accessKeyId)?.roleArn).toBe(arnOf(name));
    },
    TIMEOUT,
  );

  testUnless(
    noBoto,
    "with the unmodified AWS SDK for Python",
    async () => {
      const script = `import boto3; print(boto3.client("sts").get_caller_identity()["Arn"])`;
      const { stdout, stderr } = await pod.run("python3", ["-c", script], environment());
      expect(stdout || stderr).toContain(`arn:aws:sts::123456789012:assumed-role/${name}/`);
    },
    TIMEOUT,
  );
});

/** The access keys of two tokens that one signer makes. */
const TWO_TOKENS = `
const { Signer } = require("@aws-sdk/rds-signer");
const signer = new Signer({ hostname: "localhost", port: 5432, username: "x" });
const key = async () => /Credential=([A-Z0-9]+)/.exec(await signer.getAuthToken())[1];
key().then(async (first) => console.log(JSON.stringify([first, await key()])));`;

test.each(["task", "instance", "pod"])(
  "a %s whose credentials are about to end signs with new ones, and with the same until then",
  async (name) => {
    const keys = async () => {
      const { stdout, stderr } = await pod.run(
        process.execPath,
        ["-e", TWO_TOKENS],
        environments.get(name) ?? {},
      );
      return new Set(JSON.parse(stdout || stderr)).size;
    };
    expect(await keys()).toBe(1);
    const fourMinutesLeft = -21_600 + 240;
    aws.advance(fourMinutesLeft);
    // A token of a pod is not valid before it was made.
    writeFileSync(tokenFile, await podToken(), { mode: 0o600 });
    try {
      expect(await keys()).toBe(2);
    } finally {
      aws.advance(-fourMinutesLeft);
    }
  },
  TIMEOUT,
);
