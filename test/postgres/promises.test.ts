import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import fc from "fast-check";
import { accessPlan } from "../../model/access/plan";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import { environmentsToTry, randomCases, versionsToTry } from "../helpers/extent";
import { Deployment } from "../helpers/postgres";
import { testUnless } from "../helpers/skip";
import { ACCESS_PROMISES } from "./access-promises";
import { CHANGE_PROMISES } from "./change-promises";
import { EXTENSION_PROMISES } from "./extension-promises";
import { generatedPlans } from "./generated-plans";

const PROMISES = { ...ACCESS_PROMISES, ...EXTENSION_PROMISES, ...CHANGE_PROMISES };
const TIMEOUT = 120_000;

describe.each(versionsToTry())("on PostgreSQL $version", ({ version, unavailable }) => {
  let server: EmbeddedServer;
  beforeAll(async () => {
    if (unavailable === undefined) server = await startServer({ version });
  }, TIMEOUT);
  afterAll(() => server?.stop());

  describe.each(environmentsToTry().map((environment) => accessPlan(environment)))(
    "$environment:",
    (plan) => {
      let deployment: Deployment;
      beforeAll(async () => {
        if (unavailable === undefined) deployment = await Deployment.of(server, plan);
      }, TIMEOUT);
      afterAll(() => deployment?.close());

      for (const [promise, check] of Object.entries(PROMISES)) {
        testUnless(unavailable, promise, async () => expect(await check(deployment)).toEqual([]), TIMEOUT);
      }
    },
  );

  testUnless(
    unavailable,
    "any plan, with whatever names are legal, keeps every promise",
    async () => {
      await fc.assert(
        fc.asyncProperty(generatedPlans(), async (plan) => {
          const deployment = await Deployment.of(server, plan);
          try {
            for (const [promise, check] of Object.entries(PROMISES)) {
              expect({ promise, broken: await check(deployment) }).toEqual({ promise, broken: [] });
            }
          } finally {
            await deployment.close();
          }
        }),
        { ...randomCases(3), endOnFailure: true },
      );
    },
    TIMEOUT,
  );
});
