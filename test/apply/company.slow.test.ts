import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest } from "@jest/globals";
import { accessPlan } from "../../model/access/plan";
import { ADMIN_USER, SUPERUSER } from "../../model/postgresql/names";
import { verify } from "../../tools/verify/verify";
import { parse, TEST_ENVIRONMENTS } from "../helpers/environment";
import { catalogReader } from "../helpers/postgres";
import { testUnless } from "../helpers/skip";
import { AccessDeployment } from "./helpers/access-deployment";
import { missing as missingTools, succeeded } from "./helpers/local-deployment";
import { beyondNotKept } from "./helpers/not-kept";
import { planned } from "./helpers/plan-json";
import { providerMissing } from "./helpers/providers";

jest.setTimeout(600_000);
const missing = missingTools ?? providerMissing("cyrilgdn/postgresql");
const STACK = "dev-access";
/**
 * The file in which every key of access is, under the name that deployments here have. On RDS the admin creates any extension;
 * on this server only those that anybody may (trusted), and vector it does not carry.
 */
const yaml = readFileSync(join(TEST_ENVIRONMENTS, "company.yaml"), "utf8")
  .replace("name: company", "name: dev")
  .replace("database:\n", "database:\n  deletionProtection: false\n")
  .replace(/^ +- (earthdistance|vector|\{ name: dblink.*)\n/gm, "");
/** Who may take the group's IAM role, and as whom it connects. */
const ROLE = "aws_iam_role.people-on-call_role";
const POLICIES = {
  [ROLE]: { action: "update", attributes: ["assume_role_policy"] },
  "aws_iam_role_policy.people-on-call_connect": { action: "update", attributes: ["policy"] },
};
/** The role's description says whether it is one login for all. */
const ANOTHER_KIND = {
  ...POLICIES,
  [ROLE]: { action: "update", attributes: ["assume_role_policy", "description"] },
};
const CREATED = { action: "create", attributes: [] };
const DELETED = { action: "delete", attributes: [] };

describe("every key of access, applied", () => {
  let local: AccessDeployment;
  beforeAll(async () => {
    if (missing) return;
    local = await AccessDeployment.start();
    await local.synth(yaml);
    succeeded(await local.terraform.init(STACK));
  });
  afterAll(() => local?.stop());
  const changes = async () => beyondNotKept(STACK, await planned(local.terraform, STACK));
  const connect = (user: string) => catalogReader(local.server, user);
  /** What verify finds in what a file asks for. */
  const findings = async (text: string) =>
    (await verify(accessPlan(parse(text)), connect(SUPERUSER))).findings;
  /** Applies a file; what that changes. Verify finds nothing then, and a second plan is empty. */
  const appliedTo = async (text: string) => {
    await local.synth(text);
    const made = await changes();
    succeeded(await local.terraform.apply(STACK, "plan"));
    expect(await findings(text)).toEqual([]);
    expect(await changes()).toEqual({});
    return made;
  };

  testUnless(
    missing,
    "is what the SQL would have made and verify expects, and a second plan is empty",
    async () => {
      const plan = accessPlan(parse(yaml));
      expect(await changes()).not.toEqual({});
      succeeded(await local.terraform.apply(STACK, "plan"));
      expect(await changes()).toEqual({});
      // Terraform cannot give the admin its settings: once, somebody runs what verify prints.
      for (const { fix = "" } of await findings(yaml)) {
        const admin = await connect(ADMIN_USER)("postgres");
        await admin.query(fix).finally(() => admin.close());
      }
      expect(await findings(yaml)).toEqual([]);
      const said = await local.server.apply(plan);
      expect(said).toEqual(plan.databases.map(() => "nothing to change"));
      expect(await changes()).toEqual({});
    },
  );

  testUnless(
    missing,
    "a member who leaves takes only their login along, and their place in the policies",
    async () => {
      expect(await appliedTo(yaml.replace(", ben@acme.com", ""))).toEqual({
        ...POLICIES,
        "postgresql_role.people-on-call_login-ben": DELETED,
      });
    },
  );

  testUnless(missing, "members come to share a login, and get one each again", async () => {
    expect(await appliedTo(yaml.replace(/^ +members: .*\n/m, ""))).toEqual({
      ...ANOTHER_KIND,
      "postgresql_role.people-on-call_login": CREATED,
      "postgresql_role.people-on-call_login-anna": DELETED,
    });
    expect(await appliedTo(yaml)).toEqual({
      ...ANOTHER_KIND,
      "postgresql_role.people-on-call_login": DELETED,
      "postgresql_role.people-on-call_login-anna": CREATED,
      "postgresql_role.people-on-call_login-ben": CREATED,
    });
  });

  testUnless(missing, "is destroyed when deletion protection is off", async () => {
    succeeded(await local.terraform.destroy(STACK));
    expect(await changes()).not.toEqual({});
  });
});
