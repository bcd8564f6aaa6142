import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Laptop, startLaptop } from "../../../tools/laptop/laptop";
import { stackOf, synthApp } from "../../helpers/app";
import { MINIMAL, parse } from "../../helpers/environment";

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

let laptop: Laptop;
beforeAll(async () => {
  laptop = await startLaptop(PEOPLE, stackOf(synthApp(PEOPLE), "test-access"), () => undefined);
}, 60_000);
afterAll(() => laptop?.stop());

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
    const { variables = {}, file = "" } = files.get(name) ?? {};
    expect(await connected(variables)).toMatch(new RegExp(`^connected to shop as ${name}\n`));
    expect(file).toMatch(new RegExp(`/${name}\\.env$`));
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
