import { describe, expect, test } from "@jest/globals";
import { expectation } from "../../../model/access/expectation";
import { accessPlan } from "../../../model/access/plan";
import type { LiveCatalog, LiveExtension } from "../../../tools/catalog/live-catalog";
import { compareCatalog } from "../../../tools/verify/compare-catalog";
import { testEnvironment } from "../../helpers/environment";
import { asPlanned } from "../../helpers/live-catalog";

const expected = expectation(accessPlan(testEnvironment("company")));
const clean = asPlanned(expected);

/** The findings on a server with these extensions in the database warehouse. */
function found(change: (all: readonly LiveExtension[]) => LiveExtension[], more: Partial<LiveCatalog> = {}) {
  const live = {
    ...clean,
    ...more,
    databases: clean.databases.map((database) =>
      database.name === "warehouse" ? { ...database, extensions: change(database.extensions) } : database,
    ),
  };
  return compareCatalog(expected, live).findings;
}
const without = (name: string) => (all: readonly LiveExtension[]) => all.filter((each) => each.name !== name);
const withCube = (change: Partial<LiveExtension>) => (all: readonly LiveExtension[]) =>
  all.map((each) => (each.name === "cube" ? { ...each, ...change } : each));

describe("extensions", () => {
  test("that are where the file has them hold, and plpgsql is nobody's", () => {
    const { findings, holds } = compareCatalog(expected, clean);
    expect(findings).toEqual([]);
    expect(holds.extension).toBe(5);
  });

  test("that are missing come with the next deployment", () => {
    expect(found(without("vector"))).toEqual([
      {
        kind: "missing",
        topic: "extension",
        subject: "extension warehouse.vector",
        detail: "there is no such extension",
        fix: "npx cdktf deploy company-access",
      },
    ]);
  });

  test.each<[string | null, boolean]>([
    [null, true],
    ["", true],
    ["*", true],
    ["cube, vector", true],
    ["cube,vectors", false],
    ["pg_vector", false],
  ])("that are missing, where the server allows %j", (allowedExtensions, allowed) => {
    const [finding] = found(without("vector"), { allowedExtensions });
    expect(finding?.detail.includes("rds.allowed_extensions")).toBe(!allowed);
  });

  test("that are elsewhere are found, with a statement where they can be moved", () => {
    expect(found(withCube({ schema: "stock" }))).toEqual([
      {
        kind: "different",
        topic: "extension",
        subject: "extension warehouse.cube",
        detail: "is in the schema stock in place of public, where only who may use stock finds it",
        fix: 'ALTER EXTENSION "cube" SET SCHEMA "public";',
        database: "warehouse",
      },
    ]);
    const [fixed] = found(withCube({ schema: "stock", relocatable: false }));
    expect(fixed).not.toHaveProperty("fix");
  });

  test("that the file does not name are found, and what they reach", () => {
    const more = (name: string) => (all: readonly LiveExtension[]) => [
      ...all,
      { name, schema: "public", owner: "postgres", relocatable: true },
    ];
    const says =
      "and test/environments/company.yaml does not name it: name it under access.databases.warehouse.extensions, or drop it";
    expect(found(more("hstore"))).toEqual([
      {
        kind: "extra",
        topic: "extension",
        subject: "extension warehouse.hstore",
        detail: `is there, ${says}`,
        fix: 'DROP EXTENSION "hstore";',
        database: "warehouse",
      },
    ]);
    expect(found(more("aws_s3"))[0]?.detail).toBe(
      `is there, which writes data to S3 and reads it from there, ${says}`,
    );
  });

  test("are a superuser's to drop where RDS made them", () => {
    const [finding] = found((all) => [
      ...all,
      { name: "hstore", schema: "public", owner: "rdsadmin", relocatable: true },
    ]);
    expect(finding?.by).toBe("superuser");
  });

  test("let their users use public: who lacks that is missing it, and others may not", () => {
    const onPublic = (change: (grantees: string[]) => string[]) =>
      compareCatalog(expected, {
        ...clean,
        databases: clean.databases.map((database) => ({
          ...database,
          schemas: database.schemas.map((schema) => {
            if (database.name !== "warehouse" || schema.name !== "public") return schema;
            const grantees = change(schema.grants.map(({ grantee }) => grantee));
            const grants = grantees.map((grantee) => ({ grantee, privilege: "USAGE", grantable: false }));
            return { ...schema, grants };
          }),
        })),
      }).findings.map(({ kind, subject, detail }) => `${kind} ${subject}: ${detail}`);
    expect(onPublic((all) => all)).toEqual([]);
    expect(onPublic((all) => all.filter((each) => each !== "warehouse_stock_ro"))).toEqual([
      "missing schema warehouse.public: warehouse_stock_ro lacks USAGE",
    ]);
    expect(onPublic((all) => [...all, "reporting"])).toEqual([
      "extra schema warehouse.public: reporting has USAGE",
    ]);
  });
});
