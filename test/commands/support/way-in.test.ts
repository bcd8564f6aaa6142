import { describe, expect, test } from "@jest/globals";
import { withoutCallersIdentity } from "../../../commands/support/callers-variables";
import { wayInToAws } from "../../../commands/support/way-in";
import type { Environment } from "../../../model/config/environment";
import type { Aws } from "../../../tools/deployed/aws-cli";
import { parse, testFile } from "../../helpers/environment";

const HOST = "x.cluster-abc.eu-west-1.rds.amazonaws.com";
const OUTPUTS = {
  "writer-endpoint": HOST,
  "reader-endpoint": "x.cluster-ro-abc.eu-west-1.rds.amazonaws.com",
  "proxy-endpoint": "x.proxy-abc.eu-west-1.rds.amazonaws.com",
  "proxy-reader-endpoint": "x-ro.endpoint.proxy-abc.eu-west-1.rds.amazonaws.com",
};
const STATE = JSON.stringify({
  version: 4,
  outputs: Object.fromEntries(Object.entries(OUTPUTS).map(([name, value]) => [name, { value }])),
});

/** Every way in there is, with a group that has members. */
const environment = parse(
  `${testFile("everywhere")}backend: { bucket: state, region: eu-west-1 }
`.replace(
    "  people:\n",
    `  people:
    shared: { principals: ["arn:aws:iam::123456789012:role/OnCall"], members: [anna@acme.com, ben], grants: { shop.orders: read-only } }
`,
  ),
);

/** The AWS CLI of somebody. */
function cli(session = "anna@acme.com", account = "123456789012"): Aws {
  const credentials = {
    AccessKeyId: "ASIATAKEN",
    SecretAccessKey: "taken",
    SessionToken: "session",
    Expiration: "2099-01-01T00:00:00.000Z",
  };
  const answers: Readonly<Record<string, unknown>> = {
    "get-caller-identity": {
      Account: account,
      Arn: `arn:aws:sts::${account}:assumed-role/OnCall/${session}`,
    },
    "assume-role": { Credentials: credentials },
  };
  return async ([service, action = ""]) => (service === "s3" ? STATE : JSON.stringify(answers[action]));
}

const wayIn = (name: string, aws = cli(), to: Environment = environment) => wayInToAws(to, name, aws);

describe("the way in to AWS", () => {
  test("has all that a program needs but a token and the certificates, and nothing else", async () => {
    const { variables, until, ca } = await wayIn("on-call");
    expect(variables).toEqual({
      AWS_ACCESS_KEY_ID: "ASIATAKEN",
      AWS_SECRET_ACCESS_KEY: "taken",
      AWS_SESSION_TOKEN: "session",
      AWS_CREDENTIAL_EXPIRATION: "2099-01-01T00:00:00.000Z",
      AWS_REGION: "eu-west-1",
      PGDATABASE: "shop",
      PGHOST: HOST,
      PGHOST_READER: "x.cluster-ro-abc.eu-west-1.rds.amazonaws.com",
      PGPORT: "5432",
      PGSSLMODE: "verify-full",
      PGUSER: "on_call",
    });
    expect(until?.toISOString()).toBe("2099-01-01T00:00:00.000Z");
    expect(ca).toContain("BEGIN CERTIFICATE");
  });

  test("signs for its own endpoint, or for the readers, as its role and its user", async () => {
    const { token, endpoint, reader } = await wayIn("on-call");
    const url = new URL(`https://${await token()}`);
    expect(url.host).toBe(`${endpoint.host}:5432`);
    expect(url.searchParams.get("DBUser")).toBe("on_call");
    expect(url.searchParams.get("X-Amz-Credential")).toMatch(/^ASIATAKEN\/\d{8}\/eu-west-1\/rds-db\//);
    expect(await token(reader)).toMatch(/^x\.cluster-ro-abc\.eu-west-1\.rds\.amazonaws\.com:5432\//);
  });

  test("of a group with members is that of whoever calls, or of the one who is named", async () => {
    expect((await wayIn("shared")).databaseUser).toBe("shared_anna");
    expect((await wayIn("shared", cli("ben"))).databaseUser).toBe("shared_ben");
    expect((await wayIn("shared_ben")).databaseUser).toBe("shared_ben");
    await expect(wayIn("shared", cli("Ben"))).rejects.toThrow(
      "shared has the members anna@acme.com, ben, and none of them has the session name of arn:aws:sts::123456789012:assumed-role/OnCall/Ben; sign in as one of them",
    );
  });

  test("is open from the accounts that a role trusts, and from no others", async () => {
    const { databaseUser, endpoint, reader } = await wayIn("deployments", cli("job", "210987654321"));
    expect([databaseUser, endpoint.host, reader?.host]).toEqual([
      "deployments",
      OUTPUTS["proxy-endpoint"],
      OUTPUTS["proxy-reader-endpoint"],
    ]);
    await expect(wayIn("on-call", cli("job", "210987654321"))).rejects.toThrow(
      "the AWS credentials are those of account 210987654321, and everywhere is in 123456789012",
    );
  });

  test.each(["on_call", "shared_anna'; --", "__proto__", "\u001b[2J", ""])(
    "of nobody is an error that names whom there is: %j",
    async (name) => {
      await expect(wayIn(name)).rejects.toThrow(
        `everywhere has no identity ${JSON.stringify(name)}. ${name === "on_call" ? "Did you mean" : ""}`,
      );
    },
  );
});

test("nothing of the caller's says who one is or where one goes", () => {
  const kept = {
    HOME: "/home/ann",
    PATH: "/bin",
    PSQLRC: "/dev/null",
    AWS_CA_BUNDLE: "/etc/ssl/acme.pem",
    AWS_PAGER: "",
    PGCONNECT_TIMEOUT: "5",
    PGTZ: "UTC",
  };
  const gone = [
    ...["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION"],
    ...["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_RDS", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_CONFIG_FILE"],
    ...[
      "AWS_ROLE_ARN",
      "AWS_WEB_IDENTITY_TOKEN_FILE",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI",
      "AWS_EC2_METADATA_DISABLED",
    ],
    ...[
      "PGHOST",
      "PGHOSTADDR",
      "PGHOST_READER",
      "PGPORT",
      "PGUSER",
      "PGDATABASE",
      "PGPASSWORD",
      "PGPASSFILE",
    ],
    ...["PGSERVICE", "PGSERVICEFILE", "PGSSLMODE", "PGSSLROOTCERT", "PGSSLCERT", "PGOPTIONS", "PGSYSCONFDIR"],
  ];
  const all = { ...kept, ...Object.fromEntries(gone.map((name) => [name, "mine"])) };
  expect(withoutCallersIdentity(all)).toEqual(kept);
});
