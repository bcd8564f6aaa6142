import { expect, test } from "@jest/globals";
import { parse as parseYaml } from "yaml";
import { accessYaml } from "../../../tools/adopt/access-yaml";
import type { Proposal } from "../../../tools/adopt/proposal";
import { propose } from "../../../tools/adopt/propose";
import { markdownReport, textReport } from "../../../tools/adopt/report";
import { database, FACTS, grant, role, schema, server, tables } from "./live";

const ESCAPE = "\u001b";

test("the section is written as a person would, with what to check above its key", () => {
  const live = server({
    roles: [role("shop", { settings: [{ database: null, setting: "statement_timeout=30s" }] }), role("bi")],
    databases: [
      database("shop", {
        owner: "shop",
        objects: [tables("public", "shop", ["item"], [grant("bi", "SELECT")])],
        extensions: [{ name: "pg_trgm", schema: "public", owner: "rdsadmin", relocatable: true }],
      }),
      database("stock", {
        schemas: [schema("stock", { grants: [grant("bi", "USAGE")] })],
        objects: [tables("stock", "postgres", ["item"], [grant("bi", "SELECT")])],
      }),
    ],
  });
  const proposal = propose(live, FACTS);
  expect(accessYaml(proposal)).toBe(`access:
  databases:
    # What the application has in public today moves to shop.
    shop:
      schemas: [shop]
      extensions: [pg_trgm]
    stock: [stock]
  # Guessed from the databases' names. One that is there already: { existing: true }
  namespaces:
    shop: {}
    stock: {}
  adopted:
    shop:
      public: shop
    stock: {}
  services:
    # For the login bi, which goes on with its password, if it has one. Check the namespace; people belong under people.
    bi-iam:
      namespace: shop
      database: shop
      searchPath: [shop, public]
      grants: { shop.shop: read-only, stock.stock: read-only }
    # For the login shop, which goes on with its password, if it has one. Check the namespace; people belong under people.
    shop-iam:
      namespace: shop
      statementTimeout: 30s
      searchPath: [shop, public]
      grants: { shop.shop: read-write }
    # For migrations of shop.shop, which shop owns, in public today.
    shop-migrations:
      namespace: shop
      statementTimeout: 30s
      searchPath: [shop, public]
      grants: { shop.shop: owner }
    # No login owns stock.stock today. This is for the migrations of its tables.
    stock-migrations:
      namespace: stock
      grants: { stock.stock: owner }
`);
  expect(parseYaml(accessYaml(proposal))).toEqual({ access: proposal.access });
});

test("the section is the same whatever the order that a server gives things in", () => {
  const of = (turn: <Each>(list: readonly Each[]) => Each[]) =>
    server({
      roles: turn([role("a"), role("b")]),
      databases: [
        database("shop", {
          schemas: turn([schema("x", { owner: "a" }), schema("y", { owner: "b" })]),
          objects: turn([tables("x", "a", ["t"]), tables("y", "b", ["t"])]),
        }),
      ],
    });
  const [there, back] = [
    propose(
      of((list) => [...list]),
      FACTS,
    ),
    propose(
      of((list) => [...list].reverse()),
      FACTS,
    ),
  ];
  expect(accessYaml(back)).toBe(accessYaml(there));
  expect(back.beyond).toEqual(there.beyond);
});

const PROPOSAL: Proposal = {
  comments: [],
  identities: [
    { login: "app", key: "app-iam", inPlace: false, password: "unknown" },
    { login: "bi", key: "bi-iam", inPlace: false, password: "set" },
    { login: "cron", key: "cron-iam", inPlace: false, password: "none" },
    { login: "ui", key: "ui", inPlace: true, password: "none" },
    { login: "x", key: "x", inPlace: true, password: "unknown" },
    { login: null, key: "orders-migrations", inPlace: false, password: "none" },
  ],
  schemaMoves: [],
  beyond: [
    { where: `login ${ESCAPE}[31m`, what: "It has x\n::add-mask::y.", proposal: `Drop ${ESCAPE}.` },
    { where: "shop.orders", what: "There is *more*.", proposal: "See @team." },
  ],
};

test("the report says of each login how it gets there, and of the rest what to do", () => {
  const shown = textReport(PROPOSAL)
    .split("\n")
    .filter((line) => !line.startsWith("─"));
  expect(shown).toEqual([
    "Logins",
    "",
    "login today  service            how it gets there",
    "app          app-iam            a new login beside it, which keeps its password, if it has one; switch the service over, then drop the old one",
    "bi           bi-iam             a new login beside it, which keeps its password; switch the service over, then drop the old one",
    "cron         cron-iam           a new login beside it, which has no password",
    "ui           ui                 the same login, which has no password",
    "x            x                  the same login: from then on it takes a token and no password",
    "none         orders-migrations  is new",
    "",
    "2 things are not as the model has it:",
    "",
    "login \\u{1b}[31m",
    "  It has x\\u{a}::add-mask::y.",
    "  → Drop \\u{1b}.",
    "",
    "shop.orders",
    "  There is *more*.",
    "  → See @team.",
    "",
  ]);
});

test("the page shows names as they are, each thing to be ticked off", () => {
  const page = markdownReport(PROPOSAL);
  expect(page).toContain("- [ ] **`shop.orders`**: There is `*more*`. *See `@team`.*");
  expect(page).not.toContain(ESCAPE);
});

test("where everything fits, the report says so", () => {
  const fits: Proposal = { ...PROPOSAL, identities: [], beyond: [] };
  expect(textReport(fits)).toBe("There is nothing that the model cannot express.\n");
  expect(markdownReport(fits)).toContain("There is nothing that the model cannot express.");
  expect(textReport({ ...fits, beyond: PROPOSAL.beyond.slice(1) })).toContain(
    "One thing is not as the model has it:",
  );
});

test("a name in a comment starts no line and hides nothing", () => {
  const name = `a\nservices: {}\u202e${ESCAPE}`;
  const live = server({
    roles: [role(name)],
    databases: [
      database("shop", {
        schemas: [schema("orders", { grants: [grant(name, "USAGE")] })],
        objects: [tables("orders", "postgres", ["x"], [grant(name, "SELECT")])],
      }),
    ],
  });
  const written = accessYaml(propose(live, FACTS));
  expect(written).toContain("# For the login a\\u{a}services: {}\\u{202e}\\u{1b}, which");
  expect(Object.keys(parseYaml(written).access.services)).toEqual(["a-services-iam", "orders-migrations"]);
});
