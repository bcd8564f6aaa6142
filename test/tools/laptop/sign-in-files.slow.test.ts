import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { databaseUsers } from "../../../model/access/identity";
import { accessPlan } from "../../../model/access/plan";
import type { Environment } from "../../../model/config/environment";
import { type Laptop, startLaptop } from "../../../tools/laptop/laptop";
import { layersOf } from "../../helpers/app";
import { beforeTests } from "../../helpers/before-tests";
import { MINIMAL, parse, testEnvironment } from "../../helpers/environment";

const PEOPLE = parse(`${MINIMAL}  people:
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      members: [anna@acme.com, ben]
      requireMfa: true
      requireSourceIdentity: true
      grants: { shop.orders: read-only }
    audit:
      principals: ["arn:aws:iam::123456789012:role/Audit"]
      grants: { shop.orders: read-only }
`);

/** A laptop for the tests of a file. */
function useLaptop(environment: Environment): Laptop {
  return beforeTests(() => startLaptop(environment, layersOf(environment), () => undefined), 60_000);
}

const laptop = useLaptop(PEOPLE);

/** What a client that knows nothing but these variables says. */
function connected(variables: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve) => {
    const env = {
      PATH: process.env.PATH,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      ...variables,
    };
    execFile("node", ["examples/clients/node/connect.mjs"], { env }, (_, stdout, stderr) =>
      resolve(`${stdout}${stderr}`),
    );
  });
}

test("each member has a file, by which they log in as themselves and as nobody else", async () => {
  const files = await laptop.signInFiles();
  expect([...files].map(([name, { member }]) => [name, member])).toEqual([
    ["audit", undefined],
    ["on_call_anna", "anna@acme.com"],
    ["on_call_ben", "ben"],
    ["orders-api", undefined],
  ]);
  for (const name of ["on_call_anna", "on_call_ben"]) {
    const { variables = {} } = files.get(name) ?? {};
    expect(await connected(variables)).toMatch(new RegExp(`^connected to shop as ${name}\n`));
    const other = await connected({
      ...variables,
      PGUSER: name === "on_call_ben" ? "on_call_anna" : "on_call_ben",
    });
    expect(other).toContain("PAM authentication failed");
  }
  const profile = readFileSync(files.get("on_call_anna")?.variables.AWS_CONFIG_FILE ?? "", "utf8");
  expect(profile).toMatch(
    /^\[profile on_call_anna\]\nsource_profile = signed-in\nrole_arn = \S+:role\/test-db-on-call\nrole_session_name = anna@acme\.com\nduration_seconds = \d{4}\nregion = eu-west-1\n$/,
  );
}, 60_000);

describe("whoever runs where they run", () => {
  const everywhere = useLaptop(testEnvironment("everywhere"));
  const users = accessPlan(testEnvironment("everywhere")).identities.map(
    (identity) => [identity.key, ...databaseUsers(identity)] as const,
  );
  // As on any laptop whose user has credentials of their own.
  const home = mkdtempSync(join(tmpdir(), "sign-in-files-"));
  mkdirSync(join(home, ".aws"));
  writeFileSync(
    join(home, ".aws/credentials"),
    "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n",
  );
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test("everybody has files", async () => {
    expect([...(await everywhere.signInFiles()).keys()].sort()).toEqual(users.map(([key]) => key));
  }, 60_000);

  test.each(users)(
    "%s logs in by these variables alone, whatever their user has in ~/.aws",
    async (key, user = "") => {
      const { variables = {} } = (await everywhere.signInFiles()).get(key) ?? {};
      const expected = new RegExp(`^connected to (a reader of )?shop as ${user}\n`);
      expect(await connected({ ...variables, HOME: home })).toMatch(expected);
      const other = user === "on_call" ? "ledger" : "on_call";
      const refused = await connected({ ...variables, PGUSER: other });
      expect(refused).toMatch(/(PAM|The IAM) authentication failed/);
    },
    60_000,
  );
});
