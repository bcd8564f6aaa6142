import { expect, test } from "@jest/globals";
import { reviewSides } from "../../../tools/review/review";
import { declared, parse, type TestEnvironment, testFile } from "../../helpers/environment";
import { readEnvironment } from "./consistency/sides";

const environment = (text: string) => readEnvironment(parse(text));

/** What a reviewer reads when a file is edited: `effect text` of everything that is shown. */
function reader(name: TestEnvironment) {
  const file = declared(testFile(name));
  const unedited = environment(file);
  return (from: string, to: string, direction: "there" | "back"): string[] => {
    if (!file.includes(from)) throw new Error(`${name}.yaml has no ${from}`);
    const sides = [unedited, environment(file.replace(from, to))].map((each, index) => ({
      name: `${index}`,
      environments: new Map([[name, each]]),
    }));
    const [base, head] = direction === "there" ? sides : sides.reverse();
    if (!base || !head) throw new Error("there are two sides");
    const { environments } = reviewSides(base, head);
    return environments.flatMap(({ findings }) =>
      findings.flatMap(({ kind, decision, text }) =>
        decision === "allow" || kind === "rule-still-broken" ? [] : [`${decision}: ${text}`],
      ),
    );
  };
}

const read = reader("company");
const everywhere = reader("everywhere");

// Each change of the file is told once: by access, and by the infrastructure only what access has no words for.
test.each([
  ["statementTimeout: 30s", "statementTimeout: none"],
  ["searchPath: [orders, public]", "searchPath: [orders, billing, public]"],
  ["idleInTransactionSessionTimeout: 1min", "idleInTransactionSessionTimeout: none"],
  ["connectionLimit: 20", "connectionLimit: 30"],
  ["      endpoint: reader\n", ""],
  ["[anna@acme.com, ben@acme.com]", "[anna@acme.com]"],
  ["      members: [anna@acme.com, ben@acme.com]\n", ""],
  ["2099-12-31", "2100-12-31"],
  ["OPS-1234", "OPS-1235"],
  ["shop.orders_views: owner, shop.orders: read-only", "shop.orders_views: owner"],
])(
  "%j to %j is one line, there and back",
  (from, to) => {
    for (const direction of ["there", "back"] as const) {
      const lines = read(from, to, direction);
      expect(lines).toHaveLength(1);
      expect(lines.join()).not.toMatch(/terraform_data|_[0-9A-F]{8}/);
    }
  },
  60_000,
);

test("a new extension that everybody may have asks nobody for approval", () => {
  expect(read("        - cube\n", "        - citext\n        - cube\n", "there")).toMatchInlineSnapshot(`
    [
      "notify: warehouse: gets the new extension citext",
      "notify: company-database aws_rds_cluster_parameter_group.aurora_parameters_group_DDE09A70: changes rds.allowed_extensions cube,dblink,earthdistance,pg_trgm,vector → citext,cube,dblink,earthdistance,pg_trgm,vector",
    ]
  `);
}, 60_000);

test("a namespace of somebody else's is one thing to approve, and goes with one", () => {
  const [from, to] = [
    "analytics: { existing: true }",
    "analytics: { existing: true }, tools: { existing: true }",
  ];
  expect(read(from, to, "there")).toMatchInlineSnapshot(`
    [
      "approve: tools: a namespace that is somebody else's: its Pod Security and NetworkPolicy are not kept here",
      "notify: company-access moved: from terraform_data.protected["namespace tools"], to terraform_data.let-go["namespace tools"] is the same to Terraform",
      "notify: company-access removed: kubernetes_namespace_v1.namespace-tools_namespace and 2 more: is what Terraform forgets where it has it, and does not destroy",
      "notify: company-access terraform_data.let-go: newly has "namespace tools", and guards nothing",
    ]
  `);
  expect(read(from, to, "back")).toMatchInlineSnapshot(`
    [
      "approve: tools: the namespace is no longer in the file; it is somebody else's and stays, without what was put into it for services",
      "notify: company-access moved: from terraform_data.protected["namespace tools"], to terraform_data.let-go["namespace tools"] is no longer said, which a state that has not followed it needs",
      "notify: company-access removed: kubernetes_namespace_v1.namespace-tools_namespace and 2 more: is no longer said, which a state that has not followed it needs",
      "notify: company-access terraform_data.let-go: no longer has "namespace tools", and guards nothing",
    ]
  `);
}, 60_000);

test("a database that is taken over is one line, and one for all that Terraform imports", () => {
  const to = "  adopted: { warehouse: { public: stock } }\n  namespaces: {";
  expect(read("  namespaces: {", to, "there")).toMatchInlineSnapshot(`
    [
      "notify: warehouse: was there already, and Terraform takes it over; what was in public is in stock",
      "notify: company-access import: postgresql_role.database-warehouse_schema-stock_owner_4C5AFBC5 by the id warehouse_stock_owner and 10 more: is what Terraform takes over, and makes what is said here",
    ]
  `);
}, 60_000);

// What services outside of EKS need in AWS follows from where they run, and is not told once more.
test.each<[string, string, string[]]>([
  [
    "runsOn: lambda",
    "runsOn: ecs",
    [
      "approve: invoices: ECS tasks with its IAM role may newly become it",
      "notify: invoices: Lambda functions with its IAM role may no longer become it",
    ],
  ],
  [
    "runsOn: ec2",
    "runsOn: lambda",
    [
      "approve: old-shop: Lambda functions with its IAM role may newly become it",
      "notify: old-shop: EC2 instances with its IAM role may no longer become it",
    ],
  ],
  [
    "    invoices:\n      runsOn: lambda",
    "    invoices:\n      namespace: shop",
    [
      "approve: invoices: ServiceAccount shop/invoices may newly become it",
      "notify: invoices: Lambda functions with its IAM role may no longer become it",
      "notify: invoices: how it connects is in the ConfigMap shop/invoices-database, and no longer in the SSM parameters /everywhere/database/invoices",
    ],
  ],
  [
    "role: LegacyLedger",
    "runsOn: ecs",
    [
      "approve: ledger: ECS tasks with its IAM role may newly become it",
      "approve: ledger: has another IAM role: everywhere-db-ledger, and was LegacyLedger",
      "notify: ledger: whoever may take the IAM role LegacyLedger (not decided here) may no longer become it",
    ],
  ],
  [
    "      externalId: acme-7f3c\n",
    "",
    [
      "approve: deployments: may be taken without an external id, and was only with the external id acme-7f3c",
    ],
  ],
  [
    "accounts: { ci:",
    "accounts: { build:",
    ["notify: everywhere: the account 210987654321 is called build, and was ci"],
  ],
])(
  "%j to %j is told by who may become it",
  (from, to, lines) => {
    expect(everywhere(from, to, "there")).toEqual(lines);
  },
  60_000,
);
