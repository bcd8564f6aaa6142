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

jest.setTimeout(300_000);
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

  testUnless(
    missing,
    "is what the SQL would have made and verify expects, and a second plan is empty",
    async () => {
      const plan = accessPlan(parse(yaml));
      expect(await changes()).not.toEqual({});
      succeeded(await local.terraform.apply(STACK, "plan"));
      expect(await changes()).toEqual({});
      // Terraform cannot give the admin its settings: once, somebody runs what verify prints.
      for (const { fix = "" } of (await verify(plan, connect(SUPERUSER))).findings) {
        const admin = await connect(ADMIN_USER)("postgres");
        await admin.query(fix).finally(() => admin.close());
      }
      expect((await verify(plan, connect(SUPERUSER))).findings).toEqual([]);
      const said = await local.server.apply(plan);
      expect(said).toEqual(plan.databases.map(() => "nothing to change"));
      expect(await changes()).toEqual({});
    },
  );

  testUnless(missing, "is destroyed when deletion protection is off", async () => {
    succeeded(await local.terraform.destroy(STACK));
    expect(await changes()).not.toEqual({});
  });
});
