import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { borrowedRights } from "../../../model/access/borrowed-rights";
import { type AccessPlan, accessPlan } from "../../../model/access/plan";
import { accessReport } from "../../../model/access/report";
import { MINIMAL, parse } from "../../helpers/environment";
import { randomCases } from "../../helpers/extent";

const head = MINIMAL.slice(0, MINIMAL.indexOf("access:"));

/** The plan of services with these grants, over as many databases and schemas as they name. */
function planOf(services: Readonly<Record<string, Readonly<Record<string, string>>>>): AccessPlan {
  const databases: Record<string, string[]> = {};
  for (const target of new Set(Object.values(services).flatMap((grants) => Object.keys(grants)))) {
    const [database = "", schema = ""] = target.split(".");
    databases[database] = [...(databases[database] ?? []), schema];
  }
  const entries = Object.entries(services).map(([key, grants]) => {
    const [first = ""] = Object.keys(grants);
    return [key, { namespace: "n", database: first.split(".")[0], grants }];
  });
  return accessPlan(
    parse(
      `${head}access: ${JSON.stringify({ databases, namespaces: { n: {} }, services: Object.fromEntries(entries) })}`,
    ),
  );
}

const EXAMPLE = {
  "billing-migrations": { "shop.billing": "owner" },
  "orders-migrations": { "shop.orders": "owner" },
  "orders-api": { "shop.billing": "read-only", "shop.orders": "read-write", "stock.parts": "read-write" },
};

describe("whose code runs as whom", () => {
  test("who may change what an identity reads can do what that identity can, in the same database", () => {
    expect(borrowedRights(planOf(EXAMPLE))).toEqual([
      {
        codeOf: "shop.billing",
        authors: ["billing-migrations"],
        schema: "shop.orders",
        level: "read-write",
        through: ["orders-api"],
      },
      {
        codeOf: "shop.orders",
        authors: ["orders-migrations"],
        schema: "shop.billing",
        level: "read-only",
        through: ["orders-api"],
      },
    ]);
  });

  test("nothing is gained by those who have one schema, nor by code that only the admin writes", () => {
    expect(
      borrowedRights(
        planOf({
          migrations: { "shop.orders": "owner" },
          one: { "shop.orders": "read-write" },
          other: { "shop.billing": "read-write", "shop.stock": "read-only" },
        }),
      ),
    ).toEqual([]);
  });

  /** Grants of a few services, as legal as the file wants them: an owner grant stands alone. */
  const services = fc.dictionary(
    fc.stringMatching(/^[a-z][a-z0-9]{0,3}$/),
    fc.oneof(
      fc.dictionary(
        fc.constantFrom("a.one", "a.two", "a.three", "b.one", "b.two"),
        fc.constantFrom("read-only", "read-write"),
        { minKeys: 1 },
      ),
      fc.constantFrom<Record<string, string>>(
        { "a.one": "owner" },
        { "a.two": "owner" },
        { "b.one": "owner" },
      ),
    ),
    { minKeys: 1, maxKeys: 8 },
  );

  test("it is told of exactly those whose code somebody else runs, for any grants", () => {
    fc.assert(
      fc.property(services, (granted) => {
        const plan = planOf(granted);
        // Said once more: author writes A, session uses A and may do something in B of the same database.
        const expected = plan.identities.flatMap((author) =>
          author.grants
            .filter(({ level }) => level === "owner")
            .flatMap((code) =>
              plan.identities
                .filter(({ key, grants }) => key !== author.key && grants.some((each) => same(each, code)))
                .flatMap((session) =>
                  session.grants
                    .filter((right) => right.database === code.database && !same(right, code))
                    .map((right) =>
                      [author.key, code.schema, session.key, right.schema, right.level].join(" "),
                    ),
                ),
            ),
        );
        const found = borrowedRights(plan).flatMap(({ authors, codeOf, through, schema, level }) =>
          authors.flatMap((author) =>
            through.map((session) => [author, last(codeOf), session, last(schema), level].join(" ")),
          ),
        );
        expect(found.sort()).toEqual(expected.sort());
      }),
      randomCases(500),
    );
  });
});

describe("the report", () => {
  test("says whose code runs as whom, and what its authors gain", () => {
    expect(accessReport(planOf(EXAMPLE))).toContain(
      [
        "| code of | is written by | so its authors also have |",
        "| --- | --- | --- |",
        "| `shop.billing` | billing-migrations | read-write on `orders`, as orders-api |",
        "| `shop.orders` | orders-migrations | read-only on `billing`, as orders-api |",
      ].join("\n"),
    );
  });

  test("says so when nobody gains anything", () => {
    expect(accessReport(accessPlan(parse()))).toContain("Nobody who may change a schema gains anything");
  });

  test("grows with the schemas, and not with the services", () => {
    const section = (count: number) => {
      const places = Array.from({ length: 12 }, (_, index) => `shop.s${index}`);
      const granted = {
        // Sees everything, as on-call people do: one row for each schema.
        all: Object.fromEntries(places.map((place) => [place, "read-only"])),
        ...Object.fromEntries(places.map((place, index) => [`m${index}`, { [place]: "owner" }])),
        ...Object.fromEntries(
          Array.from({ length: count }, (_, index) => [
            `api${index}`,
            {
              [places[index % 12] ?? ""]: "read-write",
              [places[(index + 1) % 12] ?? ""]: "read-only",
            },
          ]),
        ),
      };
      const report = accessReport(planOf(granted));
      const [, rest = ""] = report.split("## Whose code runs as whom");
      return (rest.split("\n## ")[0] ?? "").split("\n");
    };
    const large = section(1000);
    expect(large).toHaveLength(section(12).length);
    expect(large.length).toBeLessThan(50);
    expect(Math.max(...large.map(({ length }) => length))).toBeLessThan(400);
    expect(large.join("\n")).toContain("and 76 more");
  });
});

function same(left: { database: string; schema: string }, right: { database: string; schema: string }) {
  return left.database === right.database && left.schema === right.schema;
}

function last(target: string) {
  return target.slice(target.indexOf(".") + 1);
}
