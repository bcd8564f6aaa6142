import { describe, expect, test } from "@jest/globals";
import { UserError } from "../../../lib/user-error";
import { accessPlan } from "../../../model/access/plan";
import { lockOut } from "../../../tools/lock-out/lock-out";
import { noConnection, noOlderSessions } from "../../../tools/lock-out/policies";
import { readerInstances } from "../../../tools/lock-out/servers";
import { targetOf } from "../../../tools/lock-out/target";
import { MINIMAL, parse, testEnvironment, testEnvironments } from "../../helpers/environment";

const NOW = "2026-12-02T09:30:00Z";
const everywhere = accessPlan(testEnvironment("everywhere"));
const company = accessPlan(testEnvironment("company"));
const cluster = { identifier: "everywhere", region: "eu-west-1" };
const textOf = (name: string, plan = everywhere) => lockOut(plan, { name, now: NOW, cluster }).text;

/** The steps of a text, without their commands. */
const titles = (text: string) => [...text.matchAll(/^\d+\. (.*)$/gm)].map(([, title]) => title);
/** The policies in the commands of a text, as the AWS CLI gets them. */
const documents = (text: string) =>
  [...text.matchAll(/--policy-document '([^']*)'/g)].map(([, json = ""]) => JSON.parse(json));

describe("what would be done", () => {
  test("is said in the order in which nobody comes back: policy, sessions in AWS, logins, sessions, readers, a look", () => {
    expect(titles(textOf("orders-api"))).toEqual([
      "IAM: everywhere-db-orders-api: nobody connects by it any more",
      `IAM: everywhere-db-orders-api: its sessions from before ${NOW} may do nothing any more`,
      "PostgreSQL: orders_api may not log in any more",
      "PostgreSQL: open sessions of orders_api end, with what they were at",
      "The same on each reader of everywhere",
      "Look whether orders-api is out",
    ]);
  });

  test("can be copied: its policies are JSON, and deny and nothing else", () => {
    for (const environment of testEnvironments()) {
      const plan = accessPlan(environment);
      for (const { key } of plan.identities) {
        const found = documents(textOf(key, plan));
        expect(found).toHaveLength(2);
        for (const { Statement } of found)
          expect(Statement).toEqual([expect.objectContaining({ Effect: "Deny" })]);
      }
    }
  });

  test("is for people: no line of it is an order to a terminal, whatever the identity is called", () => {
    const lines = everywhere.identities.flatMap(({ key }) => textOf(key).split("\n"));
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.filter((line) => /[^\x20-\x7e]/.test(line))).toEqual([]);
  });

  test("says that the next deployment gives the login back, and how to end it for good", () => {
    const text = textOf("orders-api");
    expect(text).toContain(
      "The next deployment of everywhere-access gives orders_api LOGIN back, as the file has it. The policy locked-out stays, and nobody connects.",
    );
    expect(text).toContain(
      "To end it for good, take it out of test/environments/everywhere.yaml, and deploy: npx cdktf deploy everywhere-access. The role goes, with all that is on it.",
    );
  });

  test("says of an owner whose code may be its work, who runs it, and what it could have had by them", () => {
    const text = textOf("orders-migrations");
    expect(text).toContain("- It owned shop.orders: views, triggers, functions");
    expect(text).toContain(
      "which are deployments, invoices, nightly-report, old-shop, on-call, orders-api. Compare",
    );
    expect(text).toContain(
      "- By the code of shop.orders it could have had read-write on shop.billing, in the sessions of invoices.",
    );
    expect(textOf("orders-api")).not.toContain("It owned");
  });

  test.each([
    ["orders-api", "IAM still lets ServiceAccount shop/orders-api take everywhere-db-orders-api."],
    ["invoices", "IAM still lets Lambda functions take everywhere-db-invoices."],
    ["ledger", "Who may take LegacyLedger is not decided here"],
    ["deployments", "IAM still lets `arn:aws:iam::210987654321:role/Deploy` of ci"],
    ["on-call", "IAM still lets `role/OnCall` take everywhere-db-on-call."],
  ])("says who may take the role of %s again", (name, said) => {
    expect(textOf(name)).toContain(said);
  });

  test("says of a role that others have, too, what becomes of them, and names policies so that they are told apart", () => {
    const text = textOf("ledger");
    expect(text).toContain("whoever has it cannot connect to any other database by it either");
    expect(text).toContain("--role-name LegacyLedger --policy-name everywhere-db-ledger-locked-out");
    expect(text).toContain("stay on LegacyLedger until somebody deletes them");
  });

  test("says that clients of a proxy may be connected there, and nothing of it where there is none", () => {
    expect(textOf("orders-api")).toContain("Clients of it that the RDS Proxy had let in");
    expect(textOf("old-shop")).not.toContain("RDS Proxy");
  });

  test("of an instance says that replicas are looked after by hand", () => {
    const text = lockOut(everywhere, { name: "orders-api", now: NOW }).text;
    expect(titles(text)).toHaveLength(5);
    expect(text).toContain("- Read replicas of the instance, if it has any");
    expect(textOf("orders-api")).not.toContain("Read replicas");
  });
});

describe("whom", () => {
  const members = company.identities.find((identity) => "members" in identity);
  if (!members || !("members" in members)) throw new Error("company has no group with members");
  const [anna, ...others] = members.members;
  if (!anna || others.length === 0) throw new Error("the group is too small");

  test("a group is locked out with all its members", () => {
    expect(targetOf(company, members.key).databaseUsers).toEqual(
      [anna, ...others].map(({ databaseUser }) => databaseUser),
    );
  });

  test("a member is locked out alone: by the database user in IAM, and by the name of their sessions", () => {
    const target = targetOf(company, anna.databaseUser);
    expect(target.databaseUsers).toEqual([anna.databaseUser]);
    expect(noConnection(target)).toEqual({
      name: `locked-out-${anna.name}`,
      document: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Deny",
            Action: "rds-db:connect",
            Resource: `arn:aws:rds-db:${company.region}:${company.account}:dbuser:*/${anna.databaseUser}`,
          },
        ],
      },
    });
    expect(noOlderSessions(target, NOW).document.Statement[0]?.Condition).toEqual({
      DateLessThan: { "aws:TokenIssueTime": NOW },
      StringLike: { "aws:userid": `*:${anna.name}` },
    });
    expect(textOf(anna.databaseUser, company)).toContain(
      `To lock out ${anna.name} of ${members.key}, of company:`,
    );
  });

  test("an identity's own policies are for everything its role does, and named as AWS names them", () => {
    const target = targetOf(everywhere, "orders-api");
    expect(noConnection(target).document.Statement).toEqual([
      { Effect: "Deny", Action: "rds-db:connect", Resource: "*" },
    ]);
    expect(noOlderSessions(target, NOW)).toEqual({
      name: "AWSRevokeOlderSessions",
      document: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Deny",
            Action: ["*"],
            Resource: ["*"],
            Condition: { DateLessThan: { "aws:TokenIssueTime": NOW } },
          },
        ],
      },
    });
  });

  test("every policy has a name that IAM takes, and no two targets of one role the same", () => {
    const plans = testEnvironments().map(accessPlan);
    const names = plans.flatMap((plan) =>
      plan.identities.flatMap((identity) => {
        const inside = "members" in identity ? identity.members.map(({ databaseUser }) => databaseUser) : [];
        return [identity.key, ...inside].flatMap((name) => {
          const target = targetOf(plan, name);
          return [noConnection(target), noOlderSessions(target, NOW)].map((policy) => {
            expect(policy.name).toMatch(/^[\w+=,.@-]{1,128}$/);
            return `${plan.environment} ${identity.iamRole} ${policy.name}`;
          });
        });
      }),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test("what is no identity is an error with the nearest one, and says where one is that has left the file", () => {
    const error = (name: string) => {
      try {
        targetOf(accessPlan(parse(MINIMAL)), name);
        return undefined;
      } catch (thrown) {
        return thrown;
      }
    };
    expect(error("orders-apo")).toEqual(
      new UserError([
        'test has no identity "orders-apo". Did you mean "orders-api"? One that has left the file is found in the file as it was: git show HEAD~1:test.yaml',
      ]),
    );
    expect(error("orders_api")).toBeInstanceOf(UserError);
    expect(error("__proto__")).toBeInstanceOf(UserError);
  });
});

describe("the readers of a cluster", () => {
  const answers: Readonly<Record<string, unknown>> = {
    "describe-db-clusters": {
      DBClusters: [
        {
          DBClusterMembers: [
            { DBInstanceIdentifier: "dev-1", IsClusterWriter: false },
            { DBInstanceIdentifier: "dev-2", IsClusterWriter: true },
            { DBInstanceIdentifier: "dev-3", IsClusterWriter: false },
          ],
        },
      ],
    },
    "describe-db-instances": {
      DBInstances: [
        { DBInstanceIdentifier: "dev-1", Endpoint: { Address: "dev-1.abc.eu-west-1.rds.amazonaws.com" } },
        { DBInstanceIdentifier: "dev-2", Endpoint: { Address: "dev-2.abc.eu-west-1.rds.amazonaws.com" } },
        { DBInstanceIdentifier: "dev-3" },
      ],
    },
  };
  const asked = (changed: Readonly<Record<string, unknown>> = {}) =>
    readerInstances(async ([, question = ""]) => JSON.stringify({ ...answers, ...changed }[question]), {
      identifier: "dev",
      region: "eu-west-1",
    });

  test("are its instances but the writer, whichever that is now, and but those that are only being made", async () => {
    expect(await asked()).toEqual([{ name: "dev-1", host: "dev-1.abc.eu-west-1.rds.amazonaws.com" }]);
  });

  test.each([
    ["no cluster", { "describe-db-clusters": { DBClusters: [] } }],
    ["nothing", { "describe-db-instances": null }],
    [
      "a host that is an option",
      {
        "describe-db-instances": {
          DBInstances: [{ DBInstanceIdentifier: "dev-1", Endpoint: { Address: "x y" } }],
        },
      },
    ],
  ])("are not guessed from %s", async (_, changed) => {
    await expect(asked(changed)).rejects.toThrow(
      "RDS does not say which instances the cluster dev has; look with aws rds describe-db-clusters --db-cluster-identifier dev --region eu-west-1 --output json",
    );
  });
});
