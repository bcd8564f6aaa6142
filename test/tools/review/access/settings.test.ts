import { describe, expect, test } from "@jest/globals";
import type { AccessPlan } from "../../../../model/access/plan";
import { compareAccess } from "../../../../tools/review/access/compare-access";
import { altered, compared, identityIn, type Json, planOf } from "./plans";

const dev = planOf("dev");
const prod = planOf("prod");

describe("who may become an identity", () => {
  test("a service that moves says whom it trusts, and what its new namespace's pods gain", () => {
    const after = planOf("dev", {
      "billing-worker:\n      namespace: shop": "billing-worker:\n      namespace: message-board",
    });
    expect(compared(dev, after)).toEqual([
      "trust-widened: billing-worker: trusts ServiceAccount message-board/billing-worker, and no longer shop/billing-worker",
      "  trust-widened: message-board: whoever may create pods there gains shop.billing read-write by it",
    ]);
  });

  test("a service that moves to a new namespace says that it is one", () => {
    const after = planOf("dev", {
      "billing-worker:\n      namespace: shop": "billing-worker:\n      namespace: billing",
    });
    expect(compared(dev, after)).toEqual([
      "trust-widened: billing-worker: trusts ServiceAccount billing/billing-worker in a new namespace, and no longer shop/billing-worker",
    ]);
  });

  test("another identity's ServiceAccount is said to be that", () => {
    const after = altered(dev, (plan) => {
      identityIn(plan, "billing-worker").serviceAccount = "orders-api";
    });
    expect(compared(dev, after)).toEqual([
      "trust-widened: billing-worker: trusts ServiceAccount shop/orders-api (that of orders-api), and no longer shop/billing-worker",
    ]);
  });

  test("principals that come and go are named, those of other accounts as such", () => {
    const after = altered(dev, (plan) => {
      identityIn(plan, "on-call").principals = [
        "arn:aws:iam::123456789012:role/B",
        "arn:aws:iam::123456789012:root",
        "arn:aws:iam::999999999999:role/A",
        "*",
        "x",
      ];
    });
    expect(compared(dev, after)).toEqual([
      "trust-widened: on-call: * (anybody whom that fits), arn:aws:iam::123456789012:role/B, arn:aws:iam::123456789012:root (this account, everybody there whom it lets), arn:aws:iam::999999999999:role/A (of another account, 999999999999) and x (of no account that can be told) may newly become it",
      "trust-narrowed: on-call: arn:aws:iam::123456789012:role/OnCall may no longer become it",
    ]);
  });

  test.each([
    ["requireMfa", "MFA"],
    ["requireSourceIdentity", "a source identity"],
  ])("%s that is gone is widened, and that is new is narrowed", (key, words) => {
    const principals = '      principals: ["arn:aws:iam::123456789012:role/OnCall"]\n';
    const with_ = planOf("dev", { [principals]: `${principals}      ${key}: true\n` });
    expect(compared(with_, dev)).toEqual([`trust-widened: on-call: may be taken without ${words}`]);
    expect(compared(dev, with_)).toEqual([`trust-narrowed: on-call: may be taken only with ${words}`]);
  });

  test.each([
    ["databaseUser", "postgres_2", "logs in as another database user: postgres_2, and was orders_api"],
    ["iamRole", "Admin", "has another IAM role: Admin, and was dev-db-orders-api"],
  ])("a %s that is another while the key is not is widened", (field, value, words) => {
    const after = altered(dev, (plan) => {
      identityIn(plan, "orders-api")[field] = value;
    });
    expect(compared(dev, after)).toEqual([`trust-widened: orders-api: ${words}`]);
  });

  test.each([
    ["partition", "aws-cn", "everything is in another partition: aws-cn, and was aws"],
    ["region", "eu-west-2", "everything is in another region: eu-west-2, and was eu-west-1"],
    ["account", "999999999999", "everything is in another account: 999999999999, and was 123456789012"],
  ])("another %s is widened", (field, value, words) => {
    const after = altered(dev, (plan) => {
      plan[field] = value;
    });
    expect(compared(dev, after)[0]).toBe(`trust-widened: dev: ${words}`);
  });

  test("another admin is widened, and by that alone nobody gains or loses", () => {
    const after = altered(dev, (plan) => {
      plan.adminUser = "master";
      for (const database of plan.databases) {
        for (const grant of database.grants) if (grant.createdBy === "postgres") grant.createdBy = "master";
      }
    });
    expect(compared(dev, after)).toEqual([
      "trust-widened: dev: another role makes all of this and owns the databases: master, and was the default",
    ]);
  });
});

describe("settings", () => {
  test("a limit that moves for all is one line, and what is approved still names each", () => {
    const after = planOf("dev", { "access:\n": "access:\n  defaults: { connectionLimit: 200 }\n" });
    const [finding, ...others] = compareAccess(dev, after);
    expect(others).toEqual([]);
    expect(finding).toEqual({
      kind: "limit-raised",
      subject: "dev",
      text: "dev: all 7 identities: at most 200 connections at once each, and had at most 100",
      details: dev.identities.map(({ key }) => key),
    });
    expect(compared(after, dev)).toEqual([
      "limit-lowered: dev: all 7 identities: at most 100 connections at once each, and had at most 200",
    ]);
  });

  test("a limit of some is said of these, and none at all is more than any", () => {
    const after = altered(dev, (plan) => {
      identityIn(plan, "orders-api").connectionLimit = -1;
      for (const key of ["billing-worker", "on-call"]) identityIn(plan, key).connectionLimit = 50;
    });
    expect(compared(dev, after)).toEqual([
      "limit-lowered: dev: billing-worker, on-call: at most 50 connections at once each, and had at most 100",
      "limit-raised: orders-api: any number of connections at once, and had at most 100",
    ]);
    expect(compared(after, dev).map((line) => line.split(":")[0])).toEqual(["limit-raised", "limit-lowered"]);
  });

  test("a permissions boundary that is gone or another is widened, a new one narrowed", () => {
    const without = planOf("prod", {
      "  permissionsBoundary: arn:aws:iam::123456789012:policy/boundary\n": "",
    });
    const other = planOf("prod", { "policy/boundary": "policy/wide" });
    const arn = "arn:aws:iam::123456789012:policy";
    expect(compared(prod, without)).toEqual([
      `boundary-loosened: prod: the IAM role of every identity loses its permissions boundary ${arn}/boundary`,
    ]);
    expect(compared(prod, other)).toEqual([
      `boundary-loosened: prod: the IAM role of every identity gets the permissions boundary ${arn}/wide in place of ${arn}/boundary`,
    ]);
    expect(compared(without, prod)).toEqual([
      `boundary-set: prod: the IAM role of every identity gets the permissions boundary ${arn}/boundary`,
    ]);
  });

  test.each([
    [
      "podSecurity",
      "restricted",
      "baseline",
      "its pods may run as root",
      "its pods get no root and nothing of the node",
    ],
    [
      "podSecurity",
      "baseline",
      "privileged",
      "its pods may do anything, to the node and to every token on it as well",
      "its pods may run as root",
    ],
    [
      "networkPolicy",
      "default-deny",
      "none",
      "its pods reach and are reached by whom they like",
      "its pods reach DNS, the database and their credentials",
    ],
    [
      "networkPolicy",
      "none",
      "something-new",
      "which the review does not know",
      "its pods reach and are reached by whom they like",
    ],
  ])(
    "%s from %s to %s loosens a namespace, and back tightens it",
    (field, strict, loose, looser, stricter) => {
      const at = (value: string) =>
        altered(dev, (plan) => {
          plan.namespaces[1][field] = value;
        });
      expect(compared(at(strict), at(loose))).toEqual([
        `namespace-loosened: shop: ${field} ${strict} → ${loose} (${looser})`,
      ]);
      expect(compared(at(loose), at(strict))).toEqual([
        `namespace-tightened: shop: ${field} ${loose} → ${strict} (${stricter})`,
      ]);
    },
  );

  test("a namespace's setting that is not known is looser than any, whatever it was", () => {
    const at = (value: string) =>
      altered(dev, (plan) => {
        plan.namespaces[1].podSecurity = value;
      });
    expect(compared(at("new"), at("newer"))[0]).toMatch(/^namespace-loosened/);
  });

  test("a new namespace whose pods may do more than usual is said; another is in its services' lines", () => {
    const service = "    fifth:\n      namespace: fifth\n      grants: { shop.orders: read-only }\n  people:";
    const withFifth = (fifth: string) =>
      planOf("dev", { "  people:": service, "  namespaces: {": `  namespaces: { fifth: { ${fifth} },` });
    const open = withFifth("podSecurity: privileged, networkPolicy: none");
    expect(compared(dev, open)).toContain(
      "namespace-loosened: fifth: a new namespace, podSecurity privileged: its pods may do anything, to the node and to every token on it as well; networkPolicy none: its pods reach and are reached by whom they like",
    );
    expect(compared(dev, withFifth(""))).toHaveLength(1);
  });

  test("a namespace goes with its declaration, which says what becomes of it, and not with its last service", () => {
    const moved = { "namespace: message-board": "namespace: shop" };
    const left = compared(dev, planOf("dev", moved));
    expect(left.filter((finding) => finding.startsWith("namespace-"))).toEqual([]);
    expect(
      compared(dev, planOf("dev", { ...moved, "{ message-board: {}, shop: {} }": "{ shop: {} }" })),
    ).toContain(
      "namespace-removed: message-board: the namespace is no longer in the file; while deletionProtection holds, the deployment stops before it touches anything; without it the namespace goes, with everything in it",
    );
  });

  test("a namespace that no service is in yet is a new resource", () => {
    expect(compared(dev, planOf("dev", { "{ message-board:": "{ later: {}, message-board:" }))).toEqual([
      "resource-added: later: a new namespace with no service in it yet",
    ]);
  });

  test("who works with readers, or no longer does, is neutral: what it may do there is in its grants", () => {
    const reader = planOf("prod", {
      "      database: shop\n": "      database: shop\n      endpoint: reader\n",
    });
    expect(compared(prod, reader)).toEqual([
      "connection-changed: reporting: connects to the readers, which are some milliseconds behind the writer, and no longer to the writer",
    ]);
    expect(compared(reader, prod)).toEqual([
      "connection-changed: reporting: connects to the writer, and no longer to the readers",
    ]);
  });

  test("a service that is new says that it works with readers", () => {
    const key = "    reporting:\n";
    const another = (endpoint: string) =>
      planOf("prod", {
        [key]: `    archive:\n      namespace: analytics\n${endpoint}      grants: { shop.orders: read-only }\n${key}`,
      });
    const details = (plan: AccessPlan) =>
      compareAccess(prod, plan).flatMap(({ details: lines = [] }) => lines);
    expect(details(another("      endpoint: reader\n"))).toEqual([
      ...details(another("")),
      "connects to the readers",
    ]);
  });

  test("one that is called otherwise, and works with another endpoint, is not taken for the same", () => {
    const text = "    reporting:\n      namespace: analytics\n";
    const after = planOf("prod", {
      [text]: `${text.replace("reporting", "reports")}      endpoint: reader\n`,
      "serviceAccount: reporting-jobs": "serviceAccount: reporting-jobs",
    });
    expect(compared(prod, after).map((line) => line.replace(/: .*/, ""))).toEqual([
      "identity-added",
      "identity-removed",
    ]);
  });

  test("an endpoint of which nobody knows cannot be compared", () => {
    const other = altered(prod, (plan) => {
      identityIn(plan, "reporting").endpoint = "proxy";
    });
    expect(compared(prod, other)).toEqual([expect.stringMatching(/^not-computed: .*endpoint/)]);
  });

  test("where sessions start and which ConfigMap says so are neutral", () => {
    const other = planOf("prod", { "      database: shop\n": "      database: warehouse\n" });
    expect(compared(prod, other)).toEqual([
      "connection-changed: reporting: its sessions start in the database warehouse, and was shop",
    ]);
    const renamed = altered(dev, (plan) => {
      identityIn(plan, "orders-api").configMap = "x";
    });
    expect(compared(dev, renamed)).toEqual([
      "connection-changed: orders-api: its ConfigMap is x, and was orders-api-database",
    ]);
  });
});

test("the file's name, its comments, the order of its keys and its formatting say nothing", () => {
  const reversed = (value: Json): Json =>
    Array.isArray(value)
      ? value.map(reversed)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, item]) => [key, reversed(item)]),
          )
        : value;
  expect(compareAccess(dev, reversed({ ...dev, file: "../elsewhere/dev.yaml" }))).toEqual([]);
  const formatted = planOf("dev", {
    "{ shop.orders: read-write, shop.billing: read-only }":
      "{ shop.billing: read-only,\n        shop.orders: read-write } # as before",
    "shop: [billing, orders]": "shop: [orders, billing]",
  });
  expect(compareAccess(dev, formatted)).toEqual([]);
});
