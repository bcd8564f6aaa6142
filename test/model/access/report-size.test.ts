import { describe, expect, test } from "@jest/globals";
import { accessPlan } from "../../../model/access/plan";
import { accessReport } from "../../../model/access/report";
import { fittedPage } from "../../../model/access/report-section";
import type { Environment } from "../../../model/config/environment";
import type { Level } from "../../../model/postgresql/levels";
import { parse } from "../../helpers/environment";

/** A page of this many services over so many schemas in each of some databases, with so many grants each. */
function page(services: number, schemas: number, databases = 1, grants = 3): string {
  const environment = parse();
  const names = Array.from({ length: databases }, (_, index) => `db${index}`);
  const schemaNames = Array.from({ length: schemas }, (_, index) => `schema${index}`);
  const targets = names.flatMap((name) => schemaNames.map((schema) => `${name}.${schema}`));
  const target = (index: number) => targets[index % targets.length] ?? "";
  const granted = (first: number) =>
    Array.from({ length: grants }, (_, index): [string, Level] => [
      target(first * 7 + index * 11),
      index % 2 === 0 ? "read-only" : "read-write",
    ]);
  const closed = environment.access.namespaces.shop;
  if (!closed) throw new Error("the minimal file has a namespace");
  const namespaces = ["migrations", ...Array.from({ length: 50 }, (_, index) => `n${index}`)];
  const access: Environment["access"] = {
    ...environment.access,
    databases: Object.fromEntries(names.map((name) => [name, schemaNames])),
    namespaces: Object.fromEntries(namespaces.map((name) => [name, closed])),
    services: Object.fromEntries([
      ...targets.map((each, index) => [
        `m${index}`,
        { namespace: "migrations", endpoint: "writer", grants: { [each]: "owner" } },
      ]),
      ...Array.from({ length: services }, (_, index) => [
        `service-${index}`,
        { namespace: `n${index % 50}`, endpoint: "writer", grants: Object.fromEntries(granted(index)) },
      ]),
      [
        "elsewhere",
        {
          namespace: "n0",
          serviceAccount: "another",
          endpoint: "writer",
          grants: { "db0.schema1": "read-only" },
        },
      ],
    ]),
    people: {
      "on-call": {
        principals: ["arn:aws:iam::123456789012:role/OnCall"],
        requireMfa: false,
        requireSourceIdentity: false,
        endpoint: "writer",
        grants: { "db0.schema1": "read-only" },
      },
    },
  };
  return accessReport(accessPlan({ ...environment, access }));
}

describe("the page", () => {
  test("is a matrix where its columns are read at 1,000 pixels, and else has a column for each level", () => {
    expect(page(1, 6)).toContain(
      "| identity | `schema0` | `schema1` | `schema2` | `schema3` | `schema4` | `schema5` |\n",
    );
    const wide = page(1, 7);
    expect(wide).toContain("| identity | owner | read-write | read-only |\n");
    expect(wide).toContain("| service-0 |  | `schema4` | `schema0`, `schema1` |\n");
    expect(wide).toContain("| m3 | `schema3` |  |  |\n");
  });

  test("has a row for each service among 1,000, and leaves nothing out", () => {
    const text = page(1000, 40);
    expect(text.match(/^\| service-\d+ \|.*schema/gm)).toHaveLength(1000);
    expect(text.match(/^\| service-\d+ \| test-db-/gm)).toHaveLength(1000);
    expect(text).not.toMatch(/access-plan\.json/);
  });

  test("of 5,000 services keeps a row for each, and says what it left out and where that is", () => {
    const text = page(5000, 10, 4, 2);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(500_000);
    expect(new Set(text.match(/^\| service-\d+ \|/gm)).size).toBe(5000);
    expect(text).not.toMatch(/test-db-service-1\b/);
    expect(text).toContain(
      "Not listed are 5040 services whose IAM role may be taken by the ServiceAccount of the service's own name in its namespace; their names follow from the service's, as below, and all are in `access-plan.json`, beside this file.",
    );
    expect(text).toContain("| elsewhere | test-db-elsewhere | ServiceAccount n0/another | elsewhere | 100 |");
    expect(text).toContain("| on-call (people) | test-db-on-call | `role/OnCall` | on_call | 100 |");
    expect(text).toMatch(
      /Of many names it is said how many; all are in `access-plan\.json`, beside this file\.\n\n\| namespace \|/,
    );
    expect(text).toMatch(/^\| n1 \| service-1, .* and 92 more \|/m);
  });

  test("that would be too large with them says how many there are, people first", () => {
    const text = page(5000, 40, 4, 12);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(500_000);
    expect(text).toContain(
      "Of many it is said how many; each with what it may do is in `access-plan.json`, beside this file.",
    );
    expect(text).toMatch(
      /^\| `schema1` \| m1 \| .* \| on-call \(people\), elsewhere, service-\d+, .* and \d+ more \|$/m,
    );
    expect(text).toMatch(/^\| `db3\.schema39` \| m159 \| `db3_schema39_owner` \|$/m);
  });
});

describe("a page of sections", () => {
  const large = "x".repeat(300_000);
  const section = (heading: string, full: string, short?: string) => ({
    heading,
    full,
    ...(short && { short: () => short }),
  });

  test("that fits is all of them", () => {
    expect(fittedPage(["# Head"], [section("One", "1", "one"), section("Two", "2")])).toBe(
      "# Head\n\n## One\n\n1\n\n## Two\n\n2\n",
    );
  });

  test("that does not fit has its last sections shortened, and no more than needed", () => {
    expect(fittedPage([], [section("One", large, "one"), section("Two", large, "two")])).toBe(
      `## One\n\n${large}\n\n## Two\n\ntwo\n`,
    );
  });

  test("that does not fit then says what is left out, and where it is", () => {
    expect(fittedPage([], [section("One", large), section("Two", large)])).toBe(
      `## One\n\n${large}\n\n## Two\n\nToo much for this page: it is in \`access-plan.json\`, beside this file.\n`,
    );
  });

  test("is measured in bytes", () => {
    expect(fittedPage([], [section("One", "é".repeat(300_000), "short")])).toBe("## One\n\nshort\n");
  });
});
