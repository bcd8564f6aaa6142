import { describe, expect, test } from "@jest/globals";
import { compareAccess } from "../../../../tools/review/access/compare-access";
import { altered, compared, identityIn, type Json, planOf } from "./plans";

const dev = planOf("dev");
const BILLING_WORKER =
  "    billing-worker:\n      namespace: shop\n      grants: { shop.billing: read-write }";

describe("identities that come, go and are renamed", () => {
  test("a new service is one line: who may become it, its database user, its level in each schema in SQL's words", () => {
    const after = planOf("dev", {
      "  people:": "    fifth:\n      namespace: fifth\n      grants: { shop.orders: read-only }\n  people:",
    });
    expect(compared(dev, after)).toEqual([
      "identity-added: fifth: a new service; ServiceAccount fifth/fifth may log in as fifth and has shop.orders read-only (SELECT on tables and sequences, USAGE on the schema)",
    ]);
  });

  test("a new group of people names its principals, those of another account as such, and its conditions", () => {
    const after = planOf("dev", {
      "demo:\n  image":
        '    audit:\n      principals: ["arn:aws:iam::999999999999:role/Audit", "arn:aws:iam::123456789012:role/Audit"]\n      requireSourceIdentity: true\n      grants: { shop.orders: read-only }\n\ndemo:\n  image',
    });
    expect(compared(dev, after)).toEqual([
      "identity-added: audit: a new group of people; arn:aws:iam::123456789012:role/Audit and arn:aws:iam::999999999999:role/Audit (of another account, 999999999999) with a source identity may log in as audit and has shop.orders read-only (SELECT on tables and sequences, USAGE on the schema)",
    ]);
  });

  test("what is approved of a new service is all of it, also what its line does not say", () => {
    const after = planOf("dev", {
      "  people:": "    fifth:\n      namespace: fifth\n      grants: { shop.orders: read-only }\n  people:",
    });
    const other = altered(after, (plan) =>
      Object.assign(identityIn(plan, "fifth"), { sessionRole: "shop_orders_ro" }),
    );
    expect(compareAccess(dev, other)).not.toEqual(compareAccess(dev, after));
  });

  test("a new service in a namespace of others says what whoever may create pods there gains", () => {
    const after = planOf("dev", {
      "  people:":
        "    fifth:\n      namespace: message-board\n      grants: { shop.orders: read-only }\n  people:",
    });
    expect(compared(dev, after)).toContain(
      "  trust-widened: message-board: whoever may create pods there gains shop.orders read-only by it",
    );
  });

  test("a service that is gone is one line with what it had, and what others lose by it", () => {
    const after = planOf("prod", {
      "    stock-sync:\n      namespace: warehouse\n      grants: { warehouse.stock: read-write, warehouse.public: read-only }\n":
        "",
    });
    expect(compared(planOf("prod"), after)).toEqual([
      "identity-removed: stock-sync: is gone; ServiceAccount warehouse/stock-sync may no longer log in as stock_sync, and had warehouse.public read-only (SELECT on tables and sequences, USAGE on the schema) and warehouse.stock read-write (SELECT, INSERT, UPDATE, DELETE on tables, SELECT, USAGE on sequences, EXECUTE on functions, USAGE on the schema)",
      "  borrowed-rights-lost: warehouse.stock: stock-migrations, who may write its code, loses SELECT on tables and sequences, USAGE on the schema in warehouse.public through stock-sync",
    ]);
  });

  test("a rename is one line with the new trust, and no access is said to be lost or gained", () => {
    const after = planOf("dev", { "    billing-worker:": "    billing-2:" });
    expect(compared(dev, after)).toEqual([
      "identity-renamed: billing-2: was billing-worker, and may do the same; ServiceAccount shop/billing-2 may become it in place of ServiceAccount shop/billing-worker; its IAM role dev-db-billing-2 and database user billing_2 are new",
    ]);
  });

  test("a rename that keeps its ServiceAccount says so", () => {
    const after = planOf("dev", {
      "    billing-worker:\n": "    billing-2:\n      serviceAccount: billing-worker\n",
    });
    expect(compared(dev, after)).toEqual([
      "identity-renamed: billing-2: was billing-worker, and may do the same; ServiceAccount shop/billing-worker may become it, as before; its IAM role dev-db-billing-2 and database user billing_2 are new",
    ]);
  });

  test("of several new services with the same access none is taken for the renamed one", () => {
    const twin = (key: string) => BILLING_WORKER.replace("billing-worker", key);
    const after = planOf("dev", { [BILLING_WORKER]: `${twin("billing-2")}\n${twin("billing-3")}` });
    expect(compared(dev, after).map((line) => line.split(";")[0])).toEqual([
      "identity-added: billing-2: a new service",
      "identity-added: billing-3: a new service",
      "identity-removed: billing-worker: is gone",
    ]);
  });

  test.each([
    [
      "another schema",
      {
        [BILLING_WORKER]: BILLING_WORKER.replace("billing-worker", "b2").replace(
          " }",
          ", shop.orders: read-only }",
        ),
      },
    ],
    [
      "a lower level",
      { [BILLING_WORKER]: BILLING_WORKER.replace("billing-worker", "b2").replace("read-write", "read-only") },
    ],
    [
      "another namespace",
      {
        [BILLING_WORKER]: BILLING_WORKER.replace("billing-worker", "b2").replace(": shop", ": message-board"),
      },
    ],
    [
      "a ServiceAccount of its own choice",
      { [BILLING_WORKER]: BILLING_WORKER.replace("billing-worker:", "b2:\n      serviceAccount: other") },
    ],
  ])("a rename together with %s is shown as one gone and one new", (_, edits) => {
    const lines = compared(dev, planOf("dev", edits));
    expect(lines).toContainEqual(expect.stringMatching(/^identity-added: b2: a new service/));
    expect(lines).toContainEqual(expect.stringMatching(/^identity-removed: billing-worker: is gone/));
    expect(lines.join()).not.toContain("identity-renamed");
  });

  test.each([
    [
      "people's principals",
      {
        role: "on-call",
        change: (one: { principals: string[] }) => one.principals.push("arn:aws:iam::999999999999:role/X"),
      },
    ],
    [
      "a condition",
      {
        role: "on-call",
        change: (one: { requireMfa?: true }) => {
          one.requireMfa = true;
        },
      },
    ],
    [
      "a limit",
      {
        role: "billing-worker",
        change: (one: { connectionLimit: number }) => {
          one.connectionLimit = 500;
        },
      },
    ],
    [
      "a role beyond its groups",
      { role: "billing-worker", change: (one: { memberOf: string[] }) => one.memberOf.push("rds_superuser") },
    ],
    [
      "the ConfigMap",
      {
        role: "billing-worker",
        change: (one: { configMap: string }) => {
          one.configMap = "other";
        },
      },
    ],
    [
      "the database that sessions start in",
      {
        role: "billing-worker",
        change: (one: { database: string }) => {
          one.database = "board";
        },
      },
    ],
    [
      "the role that sessions run as",
      {
        role: "billing-worker",
        change: (one: { sessionRole?: string }) => {
          one.sessionRole = "shop_billing_rw";
        },
      },
    ],
    [
      "a database user that is not its own",
      {
        role: "billing-worker",
        change: (one: { databaseUser: string }) => {
          one.databaseUser = "somebody";
        },
      },
    ],
    [
      "an IAM role that is not its own",
      {
        role: "billing-worker",
        change: (one: { iamRole: string }) => {
          one.iamRole = "Admin";
        },
      },
    ],
    [
      "a field that nobody knows",
      {
        role: "billing-worker",
        change: (one: { wider?: boolean }) => {
          one.wider = true;
        },
      },
    ],
  ])("a rename hides no change of %s", (_, { role, change }) => {
    const renamed = (plan: Json) => {
      const identity = identityIn(plan, role);
      identity.key = "renamed";
      identity.databaseUser = "renamed";
      identity.iamRole = "dev-db-renamed";
      if (identity.configMap) identity.configMap = "renamed-database";
      return identity;
    };
    // By itself it is a rename.
    expect(compared(dev, altered(dev, renamed))).toEqual([
      expect.stringMatching(/^identity-renamed: renamed: /),
    ]);
    const lines = compared(
      dev,
      altered(dev, (plan) => change(renamed(plan))),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^identity-added: renamed: /));
    expect(lines.join()).not.toContain("identity-renamed");
  });

  test("an identity that is of another kind now is one gone and one new", () => {
    const after = planOf("dev", {
      [`${BILLING_WORKER}\n`]: "",
      "demo:\n  image":
        '    billing-worker:\n      principals: ["arn:aws:iam::123456789012:role/X"]\n      grants: { shop.billing: read-write }\n\ndemo:\n  image',
    });
    expect(compared(dev, after).map((line) => line.split(";")[0])).toEqual([
      "identity-added: billing-worker: a new group of people",
      "identity-removed: billing-worker: is gone",
    ]);
  });

  test("an identity of a kind that this version does not know is unexplained, with what it may do", () => {
    const after = altered(dev, (plan) => {
      plan.identities.push({
        ...identityIn(plan, "orders-api"),
        kind: "lambda",
        key: "z",
        databaseUser: "z",
      });
    });
    expect(compared(dev, after)).toContainEqual(
      expect.stringMatching(
        /^unexplained: z: new, of the kind lambda, .* and has shop\.billing read-only \(SELECT/,
      ),
    );
  });
});
