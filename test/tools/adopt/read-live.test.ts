import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { accessPlan } from "../../../model/access/plan";
import { ADMIN_USER } from "../../../model/postgresql/names";
import { accessYaml } from "../../../tools/adopt/access-yaml";
import type { LiveServer } from "../../../tools/adopt/live-server";
import type { Proposal } from "../../../tools/adopt/proposal";
import { propose } from "../../../tools/adopt/propose";
import { readLive } from "../../../tools/adopt/read-live";
import { type EmbeddedServer, startServer } from "../../../tools/postgres/embedded-server";
import { parse } from "../../helpers/environment";
import { versionsToTry } from "../../helpers/extent";
import { catalogReader } from "../../helpers/postgres";
import { testUnless } from "../../helpers/skip";
import { makeApplications } from "./applications";
import { FACTS } from "./live";

describe.each(versionsToTry())("on PostgreSQL $version", ({ version, unavailable }) => {
  let server: EmbeddedServer;
  let live: LiveServer;
  let proposal: Proposal;

  beforeAll(async () => {
    if (unavailable !== undefined) return;
    server = await startServer({ version });
    await makeApplications(server);
    live = await readLive(catalogReader(server, ADMIN_USER));
    proposal = propose(live, FACTS);
  }, 60_000);
  afterAll(() => server?.stop());

  testUnless(
    unavailable,
    "what applications and their migration tools leave comes out as levels, schema by schema",
    () => {
      const { databases, services } = proposal.access ?? { databases: {}, services: {} };
      expect(databases).toEqual({
        billing: ["audit", "billing"],
        "catalog-api": ["catalog_api"],
        crm: ["crm"],
        jobs: ["jobs"],
        storefront: { schemas: ["storefront"], extensions: ["pg_trgm"] },
      });
      const grants = Object.entries(services).map(([key, service]) => [key, service.grants]);
      expect(Object.fromEntries(grants)).toEqual({
        // Run by the admin, who is no identity.
        "audit-migrations": { "billing.audit": "owner" },
        "auditor-iam": { "billing.audit": "read-only", "billing.billing": "read-only" },
        "billing-migrations": { "billing.billing": "owner" },
        "billing-worker-iam": { "billing.audit": "read-write", "billing.billing": "read-write" },
        "catalog-api-iam": { "catalog-api.catalog_api": "read-write" },
        "catalog-api-migrations": { "catalog-api.catalog_api": "owner" },
        // Another login writes, so the one that owns is for migrations.
        "crm-deploy-iam": { "crm.crm": "owner" },
        "crm-web-iam": { "crm.crm": "read-write" },
        "jane-doe-iam": { "catalog-api.catalog_api": "read-only" },
        "jobs-iam": { "jobs.jobs": "read-write" },
        "jobs-migrations": { "jobs.jobs": "owner" },
        // It has IAM already, so it stays what it is.
        "jobs-ui": { "jobs.jobs": "read-only" },
        "metabase-iam": { "storefront.storefront": "read-only" },
        "storefront-iam": { "storefront.storefront": "read-write" },
        "storefront-migrations": { "storefront.storefront": "owner" },
      });
    },
  );

  testUnless(unavailable, "limits, times and the place where names are looked up stay what they are", () => {
    expect(proposal.access?.services["metabase-iam"]).toMatchObject({
      connectionLimit: 5,
      statementTimeout: "2min",
      searchPath: ["storefront", "public"],
    });
    // By "$user", which the login beside it no longer is.
    expect(proposal.access?.services["jobs-iam"]?.searchPath).toEqual(["jobs"]);
    expect(proposal.access?.services["jobs-ui"]?.searchPath).toBeUndefined();
  });

  testUnless(unavailable, "what is in public moves, and what would still look there is named", () => {
    expect(proposal.schemaMoves).toEqual([
      { database: "catalog-api", from: "public", to: "catalog_api" },
      { database: "crm", from: "public", to: "crm" },
      { database: "storefront", from: "public", to: "storefront" },
    ]);
    const mentions = live.databases.flatMap((each) => each.mentions);
    expect(mentions).toEqual([
      { schema: "public", routine: "total(uid bigint)", names: "public", by: "search_path" },
      { schema: "public", routine: "touch()", names: "public", by: "text" },
    ]);
  });

  testUnless(unavailable, "each thing that no level gives is named with what to do", () => {
    const lines = proposal.beyond.map(({ where, what }) => `${where}: ${what}`);
    expect(proposal.beyond.every((each) => each.proposal.length > 0)).toBe(true);
    for (const line of [
      /^login billing_worker, billing\.audit: read-write gives it more than it has: DELETE on 2 of 2 tables/,
      /^login billing_worker, billing\.billing: It has .*TRUNCATE on \d of \d tables/,
      /^login auditor, billing\.audit: It may grant SELECT on 1 of 2 tables \(event\) on to others/,
      /^login auditor, billing\.billing: read-only gives it more than it has: SELECT on 4 of 4 tables/,
      /^login Jane\.Doe, catalog-api\.catalog_api: read-only gives it more than it has: SELECT on 1 of 2 tables \(_prisma_migrations\)/,
      /^login replicator: It may log in, and has nothing/,
      /^role crm_rw: It is a group of crm_web\./,
      /^catalog-api\.catalog_api: There is row-level security on "User".* own on "User"/,
      /^billing\.audit: audit\.record\(\): this runs with its owner's rights/,
      /^database billing: Nothing is in 1 schema \(empty\)/,
      /^storefront\.storefront: 2 routines would still look in public/,
      /^database storefront: What storefront creates is granted to others/,
    ]) {
      expect(lines).toContainEqual(expect.stringMatching(line));
    }
  });

  testUnless(unavailable, "objects of rarer kinds are read with whose they are", () => {
    const billing = live.databases.find(({ name }) => name === "billing");
    expect(billing?.others).toEqual([
      {
        type: "collation",
        schema: "billing",
        identity: "billing.german",
        owner: "postgres",
        extension: false,
      },
      {
        type: "statistics object",
        schema: "billing",
        identity: "billing.invoice_stats",
        owner: "postgres",
        extension: false,
      },
    ]);
  });

  testUnless(
    unavailable,
    "the proposal as it is written is an environment, and the plan has the logins that are there",
    () => {
      const { name, account, region } = FACTS.file;
      const text = `name: ${name}\naccount: "${account}"\nregion: ${region}\n${accessYaml(proposal)}`;
      const plan = accessPlan(parse(text));
      expect(plan.databases.map((each) => each.name)).toHaveLength(5);
      expect(text).toContain("# What the application has in public today moves to crm.");
    },
  );
});
