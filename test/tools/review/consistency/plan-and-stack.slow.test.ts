import { describe, expect, test } from "@jest/globals";
import { compareResources } from "../../../../tools/review/consistency/compare-resources";
import { comparePlanAndStacks } from "../../../../tools/review/consistency/plan-and-stack";
import { reviewSides } from "../../../../tools/review/review";
import type { ReadEnvironment, Side } from "../../../../tools/review/sides/side";
import { addresses, synthApp } from "../../../helpers/app";
import { parse, testEnvironment, testFile } from "../../../helpers/environment";
import { oneIn } from "../../../helpers/extent";
import { MIXES, mixName, mixYaml } from "../../../stacks/existing-mixes";
import { ELSEWHERE } from "./elsewhere";
import { IN_IAM_AND_KUBERNETES } from "./in-iam-and-kubernetes";
import { IN_POSTGRESQL } from "./in-postgresql";
import { IN_TERRAFORM } from "./in-terraform";
import { OUTSIDE_EKS } from "./outside-eks";
import { readEnvironment } from "./sides";
import {
  ALLOW,
  type Anything,
  add,
  edit,
  LOGIN,
  remove,
  resourceOf,
  set,
  type Tampering,
  tampered,
} from "./tampering";

describe("what is synthesised says what the plan says", () => {
  test.each(["dev", "prod", "company", "everywhere"] as const)("in %s", (name) => {
    expect(comparePlanAndStacks(undefined, readEnvironment(testEnvironment(name)))).toEqual([]);
  });

  test("of people by name, until when and why, and finds each of these that is gone", () => {
    const principals = '      principals: ["arn:aws:iam::123456789012:role/OnCall"]\n';
    const keys = "      members: [anna@acme.com, ben]\n      until: 2026-12-31\n      reason: support\n";
    const people = readEnvironment(parse(testFile("dev").replace(principals, `${principals}${keys}`)));
    expect(comparePlanAndStacks(undefined, people)).toEqual([]);
    const [role, policy] = [
      ["aws_iam_role", "people-on-call_role"],
      ["aws_iam_role_policy", "people-on-call_connect"],
    ] as const;
    for (const [says, change] of [
      ["another description", edit(...role, "description", ": support", "")],
      ["another assume_role_policy", edit(...role, "assume_role_policy", "$${sts:RoleSessionName}", "ben")],
      ["another assume_role_policy", edit(...role, "assume_role_policy", '"ben"', '"ben","carl"')],
      ["another assume_role_policy", edit(...role, "assume_role_policy", "2027-", "2028-")],
      ["another policy", edit(...policy, "policy", "2027-", "2028-")],
      ["another policy", edit(...policy, "policy", "*:ben", "*:anna@acme.com")],
      ["another policy", edit(...policy, "policy", '{"aws:userid":"*:ben"}', '{"aws:userid":"*"}')],
    ] as const) {
      const texts = comparePlanAndStacks(people, tampered(people, { says, change })).map(({ text }) => text);
      expect(texts).toEqual([expect.stringContaining(says)]);
    }
  });

  const mixes = MIXES.filter(({ network }) => network === "").map((mix) => [mixName(mix), mix] as const);
  test.each(oneIn(8, mixes))("with %s", (_, mix) => {
    expect(comparePlanAndStacks(undefined, readEnvironment(parse(mixYaml(mix))))).toEqual([]);
  });

  const renaming = (from: string, to: string, edit: (text: string) => string) =>
    readEnvironment(
      parse(edit(testFile("dev")).replace("  services:\n", `  renamed: { ${from}: ${to} }\n  services:\n`)),
    );
  const schema = renaming("shop.orders", "shop.sales", (text) =>
    text.replace("[billing, orders]", "[billing, sales]").replaceAll("shop.orders", "shop.sales"),
  );
  const database = renaming("shop", "store", (text) => text.replace(/\bshop(?=[.:] *[\w[])/g, "store"));

  test("with a renamed schema and with a renamed database", () => {
    expect(database.plan.databases.map(({ renamedFrom }) => renamedFrom)).toEqual([undefined, "shop"]);
    expect(comparePlanAndStacks(undefined, schema)).toEqual([]);
    expect(comparePlanAndStacks(undefined, database)).toEqual([]);
  });

  test.each<[string, string, (stack: Anything) => void]>([
    [
      "takes over another role",
      "import that an access stack has no use for: import",
      ({ import: [first] }) => {
        first.id = "rdsadmin";
      },
    ],
    [
      "takes over one role less",
      "import that the plan has and the stack has not: import",
      (stack) => stack.import.pop(),
    ],
    [
      "takes roles over to another address",
      "import that an access stack has no use for",
      ({ import: [first] }) => {
        first.to = "postgresql_role.service-orders-api_login_64217F25";
      },
    ],
    [
      "does not move what guards it",
      "moved that the plan has and the stack has not: moved",
      (stack) => stack.moved.pop(),
    ],
    [
      "forgets the defaults of another",
      "removed that an access stack has no use for: removed",
      ({ removed: [first] }) => {
        first.from = first.from.replace("schema-orders", "schema-billing");
      },
    ],
    [
      "destroys the defaults that it is to forget",
      "removed that an access stack has no use for",
      ({ removed: [first] }) => {
        first.lifecycle.destroy = true;
      },
    ],
    [
      "does more with them",
      "removed that an access stack has no use for",
      ({ removed: [first] }) => {
        first.provisioner = {};
      },
    ],
  ])("of a renamed schema is found when it %s", (_, says, change) => {
    const texts = comparePlanAndStacks(schema, tampered(schema, { says, change })).map(({ text }) => text);
    expect(texts.join("\n")).toContain(says);
  });
});

describe("a stack that says something else than the plan is found, and is nothing new when the base had it, with", () => {
  const dev = readEnvironment(testEnvironment("dev"));

  test.each(
    oneIn(
      4,
      [IN_POSTGRESQL, IN_IAM_AND_KUBERNETES, IN_TERRAFORM, ELSEWHERE].flatMap((each) => Object.entries(each)),
    ),
  )("%s", (_, tampering) => {
    const side = tampered(dev, tampering);
    const findings = comparePlanAndStacks(dev, side);
    const texts = findings.map(({ text }) => text).join("\n");
    expect(texts).toMatch(tampering.says);
    expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set(["plan-and-stack-differ"]));
    expect(texts.split("\n").filter((line) => !line.startsWith("dev-access: "))).toEqual([]);
    expect(comparePlanAndStacks(side, side)).toEqual([]);
    expect(comparePlanAndStacks(side, dev)).toEqual([]);
  });
});

describe("the stack of the job that verifies", () => {
  const everywhere = readEnvironment(testEnvironment("everywhere"));
  const stack = "everywhere-verify";
  const map = ["kubernetes_config_map_v1", "job_plan_"] as const;

  test.each<[string, (stack: Anything) => void]>([
    [
      "another plan",
      (json) => {
        const { data } = resourceOf(json, ...map);
        data["access-plan.json"] = data["access-plan.json"].replace('"shop_connect"', '"rds_superuser"');
      },
    ],
    ["something beside the plan", (json) => Object.assign(resourceOf(json, ...map).data, { more: "x" })],
    [
      "the plan by another name",
      (json) => set(...map, { data: { x: resourceOf(json, ...map).data["access-plan.json"] } })(json),
    ],
  ])("is found when its ConfigMap holds %s", (_, change) => {
    const side = tampered(everywhere, { stack, says: "", change });
    const texts = comparePlanAndStacks(everywhere, side).map(({ text }) => text);
    expect(texts).toEqual([
      expect.stringContaining(
        "kubernetes_config_map_v1 that names an IAM role or group role of the plan in everywhere-verify",
      ),
    ]);
  });
});

describe("the stack of what takes its role otherwise than by IRSA is found to say something else than the plan, with", () => {
  const everywhere = readEnvironment(testEnvironment("everywhere"));

  test.each(Object.entries(OUTSIDE_EKS))("%s", (_, { says, change }) => {
    const side = tampered(everywhere, { stack: "everywhere-access", says, change });
    const findings = comparePlanAndStacks(everywhere, side);
    expect(findings.map(({ text }) => text).join("\n")).toContain(says);
    expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set(["plan-and-stack-differ"]));
    expect(comparePlanAndStacks(side, side)).toEqual([]);
    expect(comparePlanAndStacks(side, everywhere)).toEqual([]);
  });
});

describe("an IAM role that exists already", () => {
  const text = testFile("everywhere").replace("LegacyLedger", "private");
  const side = readEnvironment(parse(text));
  const with_ = (type: string, block: unknown) =>
    comparePlanAndStacks(
      side,
      tampered(side, { stack: "everywhere-network", says: "", change: add(type, block) }),
    ).map((finding) => finding.text);

  test("may be called like anything else in another stack", () => {
    expect(comparePlanAndStacks(undefined, side)).toEqual([]);
    expect(with_("aws_eip", { domain: "private", tags: { Name: "a-private-one" } })).toEqual([]);
  });

  test.each([
    ["aws_iam_role_policy", { role: "private", name: "more", policy: ALLOW("s3:GetObject") }],
    ["aws_iam_role_policy_attachment", { role: "private", policy_arn: "x" }],
    ["aws_iam_instance_profile", { name: "x", role: "private" }],
    ["aws_eks_access_entry", { principal_arn: "arn:aws:iam::123456789012:role/legacy/private" }],
    ["aws_iam_role", { assume_role_policy: '{"AWS":"arn:aws:iam::123456789012:role/private"}' }],
  ])("is nothing that another stack gives something, or trusts, by %s", (type, block) => {
    expect(with_(type, block)).toEqual([
      expect.stringContaining(
        `${type} that names an IAM role or group role of the plan in everywhere-network`,
      ),
    ]);
  });
});

describe("the stack of a group with members", () => {
  const principals = 'principals: ["arn:aws:iam::123456789012:role/OnCall"]\n';
  const side = readEnvironment(
    parse(testFile("dev").replace(principals, `${principals}      members: [anna@acme.com, ben@acme.com]\n`)),
  );
  const ROLES = ["aws_iam_role", "people-on-call_role"] as const;
  const POLICY = ["aws_iam_role_policy", "people-on-call_connect"] as const;
  const ANNA = ["postgresql_role", "people-on-call_login-anna"] as const;

  test("says what the plan says, and the plan explains each login of it", () => {
    expect(comparePlanAndStacks(undefined, side)).toEqual([]);
    const { covered } = compareResources(side.plan, side.stacks.get("dev-access") ?? {});
    expect([...covered.values()].map(({ key }) => key)).toEqual(
      expect.arrayContaining(["postgresql_role on_call_anna", "postgresql_role on_call_ben"]),
    );
  });

  test.each<[string, Tampering]>([
    [
      "a member less",
      { says: "the plan has and the stack has not: postgresql_role on_call_anna", change: remove(...ANNA) },
    ],
    [
      "a member who is another",
      {
        says: "that the plan knows nothing of: postgresql_role.people-on-call_login-anna",
        change: set(...ANNA, { name: "eve" }),
      },
    ],
    [
      "a member with more groups",
      { says: "another roles", change: set(...ANNA, { roles: ["rds_iam", "rds_superuser"] }) },
    ],
    [
      "a member with another's database user",
      { says: "another policy", change: edit(...POLICY, "policy", "/on_call_anna", "/on_call_ben") },
    ],
    [
      "a member in the policy of another",
      { says: "another policy", change: edit(...POLICY, "policy", "/on_call_ben", "/orders_api") },
    ],
    [
      "another description",
      {
        says: "another description",
        change: set(...ROLES, { description: "Connects to PostgreSQL as on_call" }),
      },
    ],
  ])("with %s is found", (_, tampering) => {
    const texts = comparePlanAndStacks(side, tampered(side, tampering)).map(({ text }) => text);
    expect(texts.join("\n")).toContain(tampering.says);
  });
});

describe("resources that the plan explains", () => {
  const coveredByPlan = ({ plan, stacks }: ReadEnvironment) =>
    compareResources(plan, stacks.get("dev-access") ?? {}).covered;
  const dev = readEnvironment(testEnvironment("dev"));
  const covered = coveredByPlan(dev);

  test("are all of the access stack but those that the plan says nothing of", () => {
    const rest = addresses(synthApp(testEnvironment("dev")).get("dev-access") ?? {}).filter(
      (each) => !covered.has(each),
    );
    expect(rest.map((each) => each.replace(/_[0-9A-F]{8}$/, ""))).toEqual([
      "aws_vpc_security_group_ingress_rule.ingress_from-cluster",
    ]);
  });

  test("have a key that says what they are at any address", () => {
    expect(
      [...covered].map(([address, { key }]) => `${address.replace(/_[0-9A-F]{8}$/, "")} ${key}`),
    ).toContain("aws_iam_role.people-on-call_role aws_iam_role dev-db-on-call");
  });

  test("are not those that differ from it", () => {
    const side = tampered(dev, { says: "", change: set(...LOGIN, { superuser: true }) });
    const lost = [...covered.keys()].filter((address) => !coveredByPlan(side).has(address));
    expect(lost).toEqual([expect.stringMatching(/^postgresql_role\.service-orders-api_login_/)]);
  });
});

test("what differs in the same way in many resources is one finding, and what the base had is not in it", () => {
  const dev = readEnvironment(testEnvironment("dev"));
  const described = (count: number) =>
    tampered(dev, {
      says: "",
      change: ({ resource }) => {
        for (const name of Object.keys(resource.aws_iam_role).slice(0, count))
          resource.aws_iam_role[name].description = "x";
      },
    });
  const [finding, ...others] = comparePlanAndStacks(described(1), described(7));
  expect(others).toEqual([]);
  expect(finding?.text).toBe(
    "dev-access: aws_iam_role with another description than planned: aws_iam_role dev-db-billing-migrations, aws_iam_role dev-db-billing-worker, aws_iam_role dev-db-message-board, aws_iam_role dev-db-message-board-migrations, and 2 more",
  );
  expect(finding?.details).toHaveLength(6);
  expect(finding?.details?.[0]).toBe(
    'aws_iam_role dev-db-billing-migrations: description is "x", planned is "Connects to PostgreSQL as billing_migrations"',
  );
});

test("an approval is for what the stack has, and for nothing else", () => {
  const dev = readEnvironment(testEnvironment("dev"));
  const limited = (limit: number) =>
    tampered(dev, { says: "", change: set(...LOGIN, { connection_limit: limit }) });
  const contents = [1000, 2000].map((limit) =>
    JSON.stringify(comparePlanAndStacks(dev, limited(limit)).map(({ content }) => content)),
  );
  expect(comparePlanAndStacks(limited(1000), limited(2000))).toHaveLength(1);
  expect(contents[0]).toContain("1000");
  expect(contents[1]).toContain("2000");
});

test("a plan without its stack is found", () => {
  const dev = readEnvironment(testEnvironment("dev"));
  expect(comparePlanAndStacks(undefined, { ...dev, stacks: new Map() })).toMatchObject([
    { text: "dev-access: the stack is not there: dev-access" },
  ]);
});

describe("a file that Terraform reads beside a stack's JSON", () => {
  const dev = readEnvironment(testEnvironment("dev"));
  const beside = (path: string, text: string) =>
    comparePlanAndStacks(dev, { ...dev, beside: new Map([[path, text]]) }).map((finding) => finding.text);
  const VERSIONS = 'terraform {\n  required_version = ">= 1.11.0"\n}\n';

  test("says which Terraform takes the stack", () => {
    expect(beside("dev-access/versions.tf", VERSIONS)).toEqual([]);
  });

  test.each([
    ["dev-access/more.tf", VERSIONS],
    ["dev-access/versions.tf", `${VERSIONS}resource "postgresql_role" "x" {}\n`],
    ["dev-access/versions.tf", `resource "x" "y" {}\n${VERSIONS}`],
    ["dev-access/versions.tf", 'terraform {\n  required_version = "x" }\nmodule "x" { source = "y"\n}\n'],
    ["dev-network/evil.tf.json", "{}"],
  ])("is found when it is %s and holds %j", (path, text) => {
    expect(beside(path, text)).toEqual([
      `dev-access: a file that Terraform reads beside cdk.tf.json: ${path}`,
    ]);
  });
});

describe("a plan of another version", () => {
  const dev = readEnvironment(testEnvironment("dev"));

  test("that cannot be read is found, with the whole of the stacks as content", () => {
    // What a file holds has no type.
    const plan = JSON.parse(JSON.stringify({ ...dev.plan, identities: null }));
    const [finding, ...others] = comparePlanAndStacks(dev, { ...dev, plan });
    expect(others).toEqual([]);
    expect(finding?.text).toBe(
      "dev-access: the stack cannot be compared with its plan, which cannot be read: dev-access",
    );
    expect(JSON.stringify(finding?.content)).toContain("dev-db-orders-api");
    expect(comparePlanAndStacks({ ...dev, plan }, dev)).toEqual([]);
  });

  test("with identities of a kind that is not known has all that the stack has for them found", () => {
    const plan = JSON.parse(JSON.stringify(dev.plan).replace('"kind":"people"', '"kind":"lambda"'));
    const texts = comparePlanAndStacks(dev, { ...dev, plan }).map(({ text }) =>
      text.replace(/_[0-9A-F]{8}$/, ""),
    );
    expect(texts).toEqual([
      "dev-access: aws_iam_role that the plan knows nothing of: aws_iam_role.people-on-call_role",
      "dev-access: aws_iam_role_policy that the plan knows nothing of: aws_iam_role_policy.people-on-call_connect",
      "dev-access: postgresql_role that the plan knows nothing of: postgresql_role.people-on-call_login",
    ]);
  });
});

test("the review asks for approval of it, whatever the rules say", () => {
  const dev = readEnvironment(testEnvironment("dev"));
  const changed = tampered(dev, { says: "", change: set(...LOGIN, { superuser: true }) });
  const side = (name: string, environment: ReadEnvironment): Side => ({
    name,
    environments: new Map([["dev", environment]]),
  });
  const review = reviewSides(side("base", dev), side("head", changed));
  expect(review.outcome).toBe("approval needed");
  expect(review.environments[0]?.findings.map(({ kind, decision }) => [kind, decision])).toContainEqual([
    "plan-and-stack-differ",
    "approve",
  ]);
});
