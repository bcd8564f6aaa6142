import { describe, expect } from "@jest/globals";
import { checkToken } from "../../../../tools/laptop/gateway/check-token";
import { run } from "../../../helpers/run";
import { testUnless } from "../../../helpers/skip";
import { DATABASE, TestIam } from "./fixture";

const iam = new TestIam();

/** Why a token for orders_api is refused to a user, now: AWS's tools sign for no other time. */
function reason(token: string, user: string): string | undefined {
  const login = { user, endpoint: "localhost:5432", database: DATABASE, now: new Date() };
  const verdict = checkToken(token, login, iam);
  return verdict.accepted ? undefined : verdict.reason;
}

describe("a token of AWS's own tools", () => {
  const session = iam.credentials("orders_api");
  const env = {
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  };
  const boto3 = `import boto3
print(boto3.client("rds").generate_db_auth_token("localhost", 5432, "orders_api"), end="")`;
  const cli = ["rds", "generate-db-auth-token", "--hostname", "localhost", "--port", "5432"];
  const missing = (command: string, args: string[]) =>
    run(command, args).status === 0 ? undefined : `${command} ${args.join(" ")} does not run here`;
  const accepted = (command: string, args: string[]) => {
    const { stdout } = run(command, args, { env });
    expect(reason(stdout.trim(), "orders_api")).toBeUndefined();
    expect(reason(stdout.trim(), "another")).toContain("another user");
  };

  testUnless(missing("python3", ["-c", "import boto3"]), "boto3, is accepted", () =>
    accepted("python3", ["-c", boto3]),
  );
  testUnless(missing("aws", ["--version"]), "the AWS CLI, is accepted", () =>
    accepted("aws", [...cli, "--username", "orders_api"]),
  );
});
