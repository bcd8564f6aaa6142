import { describe, expect, test } from "@jest/globals";
import { compareAccess } from "../../../../tools/review/access/compare-access";
import { altered, compared, identityIn, type Json, planOf } from "./plans";

const OWN = "arn:aws:iam::123456789012:role/Deploy";
const CI = "arn:aws:iam::210987654321:role/Deploy";
const EKS = "    billing-worker:\n      namespace: shop\n";
/** dev, in which the service runs somewhere else, by these keys. */
const where = (keys: string, accounts = "") =>
  planOf("dev", {
    [EKS]: `    billing-worker:\n      ${keys}\n`,
    ...(accounts && { "access:\n": `access:\n  accounts: ${accounts}\n` }),
  });

const eks = planOf("dev");
const lambda = where("runsOn: lambda");
const ecs = where("runsOn: ecs");
const role = where("role: LegacyBilling");
const listed = where(`principals: ["${OWN}"]`);
const withId = where(
  `principals: ["${OWN}"], externalId: acme-1`.replace(", externalId", "\n      externalId"),
);
const ofCi = where(`principals: ["${CI}"]`, '{ ci: "210987654321" }');

describe("a service that comes to run elsewhere is the same one, which others may become", () => {
  test("from EKS to Lambda, and back", () => {
    expect(compared(eks, lambda)).toEqual([
      "trust-widened: billing-worker: Lambda functions with its IAM role may newly become it",
      "trust-narrowed: billing-worker: ServiceAccount shop/billing-worker may no longer become it",
      "connection-changed: billing-worker: how it connects is in the SSM parameters /dev/database/billing-worker, and no longer in the ConfigMap shop/billing-worker-database",
    ]);
    const others = altered(lambda, (plan) =>
      Object.assign(plan, {
        identities: plan.identities.filter(({ key }: Json) => key !== "billing-migrations"),
      }),
    );
    const back = altered(eks, (plan) =>
      Object.assign(plan, {
        identities: plan.identities.filter(({ key }: Json) => key !== "billing-migrations"),
      }),
    );
    expect(compared(others, back)).toEqual([
      "trust-widened: billing-worker: ServiceAccount shop/billing-worker may newly become it",
      "  trust-widened: shop: whoever may create pods there gains shop.billing read-write by it",
      "trust-narrowed: billing-worker: Lambda functions with its IAM role may no longer become it",
      "connection-changed: billing-worker: how it connects is in the ConfigMap shop/billing-worker-database, and no longer in the SSM parameters /dev/database/billing-worker",
    ]);
  });

  test("from one runtime to another", () => {
    expect(compared(lambda, ecs)).toEqual([
      "trust-widened: billing-worker: ECS tasks with its IAM role may newly become it",
      "trust-narrowed: billing-worker: Lambda functions with its IAM role may no longer become it",
    ]);
    expect(compared(ecs, where("runsOn: ec2"))[0]).toBe(
      "trust-widened: billing-worker: EC2 instances with its IAM role may newly become it",
    );
  });

  test("to an IAM role that exists already, of which the review says that others decide who takes it", () => {
    expect(compared(lambda, role)).toEqual([
      "trust-widened: billing-worker: whoever may take the IAM role LegacyBilling (not decided here) may newly become it",
      "trust-narrowed: billing-worker: Lambda functions with its IAM role may no longer become it",
      "trust-widened: billing-worker: has another IAM role: LegacyBilling, and was dev-db-billing-worker",
    ]);
    expect(compared(role, where("role: OtherBilling"))).toEqual([
      "trust-widened: billing-worker: has another IAM role: OtherBilling, and was LegacyBilling",
    ]);
  });

  test("to listed principals, with all that they must say", () => {
    expect(compared(lambda, withId)).toEqual([
      `trust-widened: billing-worker: ${OWN} with the external id acme-1 may newly become it`,
      "trust-narrowed: billing-worker: Lambda functions with its IAM role may no longer become it",
    ]);
  });

  test("whatever else changes with it is told as well", () => {
    const more = altered(lambda, (plan) => {
      const identity = identityIn(plan, "billing-worker");
      identity.connectionLimit = 200;
      identity.endpoint = "reader";
      identity.expires = "never";
    });
    expect(
      compared(eks, more).filter((line) => !/may (newly|no longer) become|how it connects/.test(line)),
    ).toEqual([
      "limit-raised: billing-worker: at most 200 connections at once, and had at most 100",
      "connection-changed: billing-worker: connects to the readers, which are some milliseconds behind the writer, and no longer to the writer",
      'unexplained: billing-worker: expires is "never", and was not there; the review has no words for that',
    ]);
  });

  test("and comes to be people only as somebody else", () => {
    const people = planOf("dev", {
      [`${EKS}      grants: { shop.billing: read-write }\n`]: "",
      "demo:\n  image": `    billing-worker:\n      principals: ["${OWN}"]\n      grants: { shop.billing: read-write }\n\ndemo:\n  image`,
    });
    expect(compared(listed, people).map((line) => line.split(";")[0])).toEqual([
      "identity-added: billing-worker: a new group of people",
      "identity-removed: billing-worker: is gone",
    ]);
  });
});

describe("listed principals", () => {
  test("who come and go are told, those of another account as such and by its name", () => {
    expect(compared(listed, ofCi)).toEqual([
      `trust-widened: dev: principals of the account 210987654321, which the file calls ci, may newly be identities`,
      `trust-widened: billing-worker: ${CI} (of another account, 210987654321 ci) may newly become it`,
      `trust-narrowed: billing-worker: ${OWN} may no longer become it`,
    ]);
    expect(compared(ofCi, listed)).toEqual([
      `trust-narrowed: dev: principals of the account 210987654321, which the file calls ci, may no longer be identities`,
      `trust-widened: billing-worker: ${OWN} may newly become it`,
      `trust-narrowed: billing-worker: ${CI} (of another account, 210987654321 ci) may no longer become it`,
    ]);
  });

  test("are widened by an external id less, narrowed by one more, and both by another one", () => {
    expect(compared(withId, listed)).toEqual([
      "trust-widened: billing-worker: may be taken without an external id, and was only with the external id acme-1",
    ]);
    expect(compared(listed, withId)).toEqual([
      "trust-narrowed: billing-worker: may be taken only with the external id acme-1",
    ]);
    const other = altered(withId, (plan) =>
      Object.assign(identityIn(plan, "billing-worker"), { externalId: "acme-2" }),
    );
    expect(compared(withId, other)).toEqual([
      "trust-widened: billing-worker: may newly be taken with the external id acme-2",
      "trust-narrowed: billing-worker: may no longer be taken with the external id acme-1",
    ]);
  });

  test("of an account that is called otherwise are the same", () => {
    expect(compared(ofCi, where(`principals: ["${CI}"]`, '{ build: "210987654321" }'))).toEqual([
      "reason-changed: dev: the account 210987654321 is called build, and was ci",
    ]);
  });
});

describe("one that is new, gone or renamed", () => {
  const reads = "has shop.orders read-only (SELECT on tables and sequences, USAGE on the schema)";
  const fifth = (keys: string, name = "fifth") =>
    planOf("dev", {
      "  people:": `    ${name}:\n      ${keys}\n      grants: { shop.orders: read-only }\n  people:`,
    });

  test.each([
    ["runsOn: lambda", "a new service on Lambda; Lambda functions with its IAM role may log in"],
    ["runsOn: ecs", "a new service on ECS; ECS tasks with its IAM role may log in"],
    ["runsOn: ec2", "a new service on EC2; EC2 instances with its IAM role may log in"],
    [
      "role: LegacyLedger",
      "a new service with an IAM role that exists already; whoever may take the IAM role LegacyLedger (not decided here) may log in",
    ],
    [
      `principals: ["${OWN}"]\n      externalId: acme-1`,
      `a new service of listed principals; ${OWN} with the external id acme-1 may log in`,
    ],
  ])("by %s is one line", (keys, says) => {
    expect(compared(eks, fifth(keys))).toEqual([`identity-added: fifth: ${says} as fifth and ${reads}`]);
    expect(compared(fifth(keys), eks)[0]).toMatch(
      /^identity-removed: fifth: is gone; .* may no longer log in as fifth, and had /,
    );
  });

  test("says how it connects", () => {
    const details = (change: (identity: Json, plan: Json) => unknown, keys = "runsOn: lambda") => {
      const after = altered(fifth(keys), (plan) => change(identityIn(plan, "fifth"), plan));
      return compareAccess(eks, after)
        .find(({ subject }) => subject === "fifth")
        ?.details?.slice(1);
    };
    expect(details(() => {})).toEqual(["SSM parameters /dev/database/fifth, sessions start in shop"]);
    expect(details((identity) => Object.assign(identity, { through: "proxy", endpoint: "reader" }))).toEqual([
      "SSM parameters /dev/database/fifth, sessions start in shop",
      "connects through the RDS Proxy",
      "connects to the readers",
    ]);
    expect(
      details((identity, plan) => {
        plan.eksCluster = "dev";
        identity.takesRoleBy = "both";
      }, "namespace: shop"),
    ).toEqual([
      "ConfigMap shop/fifth-database, sessions start in shop",
      "its pods take the IAM role by IRSA and Pod Identity",
    ]);
  });

  test.each([
    [
      "runsOn: lambda",
      "Lambda functions with its IAM role may become it, as before; its IAM role dev-db-sixth and database user sixth are new",
    ],
    [
      "role: LegacyLedger",
      "whoever may take the IAM role LegacyLedger (not decided here) may become it, as before; its database user sixth is new",
    ],
    [
      `principals: ["${OWN}"]`,
      `${OWN} may become it, as before; its IAM role dev-db-sixth and database user sixth are new`,
    ],
  ])("by %s is the same under another name, and by another place not", (keys, says) => {
    expect(compared(fifth(keys), fifth(keys, "sixth"))).toEqual([
      `identity-renamed: sixth: was fifth, and may do the same; ${says}`,
    ]);
    const other = keys === "runsOn: lambda" ? "runsOn: ecs" : "runsOn: lambda";
    expect(compared(fifth(keys), fifth(other, "sixth")).join()).not.toContain("renamed");
  });
});

describe("how all of an environment get in", () => {
  const by = (takesRoleBy?: string) =>
    takesRoleBy === undefined
      ? eks
      : altered(eks, (plan) => {
          plan.eksCluster = "dev";
          for (const identity of plan.identities)
            if (identity.kind === "service") identity.takesRoleBy = takesRoleBy;
        });
  const services =
    "dev: billing-migrations, billing-worker, message-board, message-board-migrations, orders-api, orders-migrations";

  const RESTART = ": those that run by it get no new credentials until they are restarted";

  test.each([
    [undefined, "both", "trust-widened", "IRSA and Pod Identity"],
    ["both", "pod-identity", "trust-narrowed", "Pod Identity, and no longer by IRSA"],
    ["pod-identity", "both", "trust-widened", "IRSA and Pod Identity"],
    ["both", undefined, "trust-narrowed", "IRSA, and no longer by Pod Identity"],
    [undefined, "pod-identity", "trust-widened", "Pod Identity, and no longer by IRSA"],
    ["pod-identity", undefined, "trust-widened", "IRSA, and no longer by Pod Identity"],
  ])("from %s to %s is one line of all pods: %s", (before, after, kind, ways) => {
    const lines = compared(by(before), by(after));
    expect(lines.filter((line) => line.includes("pods may take"))).toEqual([
      `${kind}: ${services}: pods may take the IAM role by ${ways}${ways.includes("no longer") ? RESTART : ""}`,
    ]);
    expect(lines.length).toBe(before === undefined || after === undefined ? 2 : 1);
  });

  test("the EKS cluster whose pods those are is told, and that it is another one widens", () => {
    expect(compared(eks, by("both"))).toContain(
      "connection-changed: dev: Pod Identity gives pods of the EKS cluster dev their IAM roles",
    );
    expect(compared(by("both"), eks)).toContain(
      "connection-changed: dev: Pod Identity gives no pod an IAM role any more",
    );
    const other = altered(by("both"), (plan) => Object.assign(plan, { eksCluster: "other" }));
    expect(compared(by("both"), other)).toEqual([
      "trust-widened: dev: pods of another EKS cluster take IAM roles by Pod Identity: other, and no longer those of dev",
    ]);
  });

  test("through the proxy is one line of all who do", () => {
    const proxied = altered(eks, (plan) => {
      for (const identity of plan.identities) if (!identity.sessionRole) identity.through = "proxy";
    });
    const who = "dev: billing-worker, message-board, on-call, orders-api";
    expect(compared(eks, proxied)).toEqual([
      `connection-changed: ${who}: connections go through the RDS Proxy; they went to the database itself`,
    ]);
    expect(compared(proxied, eks)).toEqual([
      `connection-changed: ${who}: connections go to the database itself; they went through the RDS Proxy`,
    ]);
  });
});

test("who goes through the proxy and to the readers without it is told", () => {
  const proxied = (readsDirectly: boolean) =>
    altered(eks, (plan) => {
      const identity = identityIn(plan, "orders-api");
      identity.through = "proxy";
      if (readsDirectly) identity.readsDirectly = true;
    });
  expect(compared(proxied(false), proxied(true))).toEqual([
    "connection-changed: orders-api: connections go through the RDS Proxy, but to the readers without it; they went through the RDS Proxy",
  ]);
});

describe("a plan cannot be read", () => {
  test.each<[string, string, (identity: Json, plan: Json) => unknown]>([
    ["without what it runs on", "runsOn", (identity) => delete identity.runsOn],
    ["with a namespace beside", "namespace", (identity) => Object.assign(identity, { namespace: "shop" })],
    ["with principals beside", "principals", (identity) => Object.assign(identity, { principals: [OWN] })],
    ["with an external id beside", "externalId", (identity) => Object.assign(identity, { externalId: "a1" })],
    ["with a way in that is none", "through", (identity) => Object.assign(identity, { through: "tunnel" })],
    [
      "that goes past a proxy it does not go through",
      "may go past the proxy",
      (identity) => Object.assign(identity, { readsDirectly: true }),
    ],
    ["with a role for nobody", "kind", (identity) => delete identity.kind],
    [
      "by Pod Identity of no cluster",
      "the plan names no eksCluster",
      (_, plan) => Object.assign(identityIn(plan, "orders-api"), { takesRoleBy: "both" }),
    ],
    [
      "in a way to take roles that is none",
      "takesRoleBy",
      (_, plan) => Object.assign(identityIn(plan, "orders-api"), { takesRoleBy: "kube2iam" }),
    ],
    [
      "with an account twice",
      'it has the account "1" twice',
      (_, plan) =>
        Object.assign(plan, {
          accounts: [
            { name: "a", id: "1" },
            { name: "b", id: "1" },
          ],
        }),
    ],
    [
      "with two accounts of one name",
      'it has the account "a" twice',
      (_, plan) =>
        Object.assign(plan, {
          accounts: [
            { name: "a", id: "1" },
            { name: "a", id: "2" },
          ],
        }),
    ],
  ])("%s", (_, says, change) => {
    const odd = altered(lambda, (plan) => change(identityIn(plan, "billing-worker"), plan));
    for (const lines of [compared(lambda, odd), compared(odd, lambda), compared(undefined, odd)]) {
      expect(lines).toEqual([expect.stringMatching(/^not-computed: /)]);
      expect(lines[0]).toContain(says);
    }
  });
});
