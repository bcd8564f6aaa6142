import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest } from "@jest/globals";
import { accessPlan } from "../../model/access/plan";
import { ADMIN_USER } from "../../model/postgresql/names";
import { moveSql } from "../../tools/adopt/move-sql";
import { readLive } from "../../tools/adopt/read-live";
import { verify } from "../../tools/verify/verify";
import { parse } from "../helpers/environment";
import { catalogReader } from "../helpers/postgres";
import { testUnless } from "../helpers/skip";
import { as, contents, LEGACY_ACCESS, makeLegacyShop, rights } from "../tools/adopt/legacy-shop";
import { AccessDeployment } from "./helpers/access-deployment";
import { missing as missingTools, succeeded } from "./helpers/local-deployment";
import { beyondNotKept } from "./helpers/not-kept";
import { planned } from "./helpers/plan-json";
import { providerMissing } from "./helpers/providers";

jest.setTimeout(300_000);
const missing = missingTools ?? providerMissing("cyrilgdn/postgresql");
const STACK = "dev-access";
const environment = readFileSync(join(__dirname, "environment.yaml"), "utf8");
const yaml = `${environment.slice(0, environment.indexOf("access:"))}${LEGACY_ACCESS}`;
const afterwards = yaml.replace(/^ {2}adopted:.*\n/m, "");

// A company's server, taken over by Terraform: each test goes on where the one before it ended.
describe("a database that was there, taken over by Terraform", () => {
  let local: AccessDeployment;
  let rows: unknown;
  beforeAll(async () => {
    if (missing) return;
    local = await AccessDeployment.start();
    await makeLegacyShop(local.server);
    rows = await contents(local.server, "public");
    const plan = accessPlan(parse(yaml));
    const live = await readLive(catalogReader(local.server, ADMIN_USER));
    await as(local.server, ADMIN_USER, "shop", (admin) => admin.query(moveSql(plan, live, "shop", "move")));
    await local.synth(yaml);
    succeeded(await local.terraform.init(STACK));
  });
  afterAll(() => local?.stop());

  const changes = async () => beyondNotKept(STACK, await planned(local.terraform, STACK));

  testUnless(
    missing,
    "its first plan imports what is there, destroys nothing, and replaces nothing",
    async () => {
      const made = await changes();
      expect(Object.values(made).map(({ action }) => action)).not.toContain("delete");
      expect(Object.values(made).map(({ action }) => action)).not.toContain("replace");
      expect(
        Object.entries(made).filter(
          ([address, { action }]) =>
            action === "create" && /^postgresql_(role|database|schema|extension)/.test(address),
        ),
      ).toEqual([]);
      const before = await rights(local.server);
      succeeded(await local.terraform.apply(STACK, "plan"));
      expect(await rights(local.server)).toEqual(before);
      expect(await contents(local.server, "app")).toEqual(rows);
    },
  );

  testUnless(
    missing,
    "its next plan is empty, and so is one without the line that said it was there",
    async () => {
      expect(await changes()).toEqual({});
      await local.synth(afterwards);
      expect(await changes()).toEqual({});
    },
  );

  testUnless(
    missing,
    "finishing with its former logins leaves the plan empty, and verify finds nothing",
    async () => {
      const plan = accessPlan(parse(yaml));
      const live = await readLive(catalogReader(local.server, ADMIN_USER));
      await as(local.server, ADMIN_USER, "shop", (admin) =>
        admin.query(moveSql(plan, live, "shop", "finish")),
      );
      expect(await changes()).toEqual({});
      expect((await verify(accessPlan(parse(afterwards)), catalogReader(local.server))).findings).toEqual([]);
    },
  );
});
