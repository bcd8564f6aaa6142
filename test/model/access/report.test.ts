import { describe, expect, test } from "@jest/globals";
import { markdownText } from "../../../lib/markdown";
import { accessPlan } from "../../../model/access/plan";
import { accessReport } from "../../../model/access/report";
import type { Warning } from "../../../model/config/warnings";
import { declared, MINIMAL, parse, testFile } from "../../helpers/environment";

const report = (text?: string) => accessReport(accessPlan(parse(text)));
/** The part of a page below a heading, up to the next of its kind. */
const section = (page: string, heading: string) =>
  page.split(`## ${heading}\n\n`)[1]?.split("\n\n## ")[0] ?? "";
const PEOPLE = (more: string) => `${MINIMAL}  people:
    on-call: { principals: ["arn:aws:iam::123456789012:role/A"], ${more}grants: { shop.orders: read-only } }
`;

describe("the report of an environment", () => {
  test("has a table for each database, and in it a row for each who may do something there", () => {
    expect(section(report(testFile("prod")), "Who can do what")).toContain(`### Database \`warehouse\`

| identity | \`public\` | \`stock\` |
| --- | --- | --- |
| analysts (people) |  | read-only |
| on-call (people) |  | read-only |
| reporting |  | read-only |
| stock-migrations |  | owner |
| stock-sync | read-only | read-write |
`);
  });

  test("says of a database that nobody is let into that it is so", () => {
    expect(report(MINIMAL.replace("shop:", "empty: [nothing], shop:"))).toContain(
      "### Database `empty`\n\nNobody.\n",
    );
  });

  test("names each identity's IAM role, who may take it, as whom it connects, and how often at once", () => {
    expect(report()).toContain(
      "| orders-api | test-db-orders-api | ServiceAccount shop/orders-api | orders_api | 100 |",
    );
  });

  test("says who works with readers, of people as well", () => {
    const readers = PEOPLE("endpoint: reader, ").replace(
      "grants: { shop.orders: read-write }",
      "endpoint: reader\n      grants: { shop.orders: read-only }",
    );
    const page = report(readers);
    expect(page).toContain("| ServiceAccount shop/orders-api | orders_api<br>through the readers | 100 |");
    expect(page).toContain("| `role/A` | on_call<br>through the readers | 100 |");
    expect(report(PEOPLE(""))).not.toContain("readers");
  });

  test("says account and region once, whatever is in it, and names what is of another account in full", () => {
    const other = PEOPLE("").replace('"]', '", "arn:aws:iam::210987654321:role/path/B"]');
    const boundary = other.replace(
      "access:\n",
      "access:\n  permissionsBoundary: arn:aws:iam::123456789012:policy/edge\n",
    );
    const page = report(boundary);
    expect([page.match(/123456789012/g)?.length, page.match(/eu-west-1/g)?.length]).toEqual([1, 1]);
    expect(page).toContain(
      "| on-call (people) | test-db-on-call | `role/A`<br>`arn:aws:iam::210987654321:role/path/B` |",
    );
    expect(page).toContain("The IAM roles have the permissions boundary `policy/edge`.");
    expect(report()).toContain("The IAM roles have no permissions boundary.");
  });

  test("says what a group of people needs besides being trusted", () => {
    expect(report(PEOPLE("requireMfa: true, requireSourceIdentity: true, "))).toContain(
      "| `role/A`<br>with MFA<br>with a source identity |",
    );
    expect(report(PEOPLE(""))).toContain("| `role/A` |");
  });

  test("shows names and warnings as they are, though they look like Markdown", () => {
    const text = MINIMAL.replace("[billing, orders]", "[_admin_, __x__, y$z$]").replace(
      "shop.orders: read-write }",
      `shop.__x__: read-only, shop.y$z$: read-write }
    migrations: { namespace: shop, grants: { shop._admin_: owner } }
    reporting: { namespace: shop, grants: { shop._admin_: read-only, shop.__x__: read-write } }`,
    );
    const message = '"_x_" <b>is</b> | $1$';
    const warning: Warning = { kind: "schema-without-owner", place: "x:1:1", key: "access", message };
    const page = accessReport(accessPlan(parse(text)), [warning]);
    expect(page).toContain(`| \`access\` | ${markdownText(message).replaceAll("|", "\\|")} |`);
    const outside = page.replace(/`[^`\n]*`/g, "");
    expect(outside).not.toMatch(/_admin_|__x__|y\$z\$|<b>/);
  });

  test("lists every schema with who may migrate it, and those that nobody may", () => {
    const owned = `${MINIMAL.replace("[billing, orders]", "[billing, orders, public]")}    a: { namespace: shop, grants: { shop.orders: owner } }
    b: { namespace: shop, grants: { shop.orders: owner } }
`;
    expect(section(report(owned), "Who may migrate")).toBe(`| schema | identity | sessions run as |
| --- | --- | --- |
| \`shop.billing\` | nobody |  |
| \`shop.orders\` | a, b | \`shop_orders_owner\` |
| \`shop.public\` | nobody but the admin, whose schema it is |  |`);
  });

  test("says what whoever may create pods in a namespace can do, and what its pods are held to", () => {
    const text = `${MINIMAL.replace("shop: {}", "finance: { podSecurity: baseline, networkPolicy: none }, shop: {}")}    orders-migrations: { namespace: shop, grants: { shop.orders: owner } }
    more: { namespace: shop, grants: { shop.billing: read-only } }
    invoices: { namespace: finance, grants: { shop.billing: read-only } }
`;
    const page = report(text);
    expect(page).toContain("| finance | invoices | read-only: `shop.billing` | baseline | none |");
    expect(page).toContain(
      "| shop | more, orders-api, orders-migrations | owner: `shop.orders`<br>read-only: `shop.billing` | restricted | default-deny |",
    );
    const nobody = text.replace(/ {2}namespaces:[\s\S]*/, "");
    expect(report(nobody)).not.toContain("NetworkPolicy");
  });
});

describe("a change of one grant", () => {
  const lines = (text: string) => report(text).split("\n");
  const changed = (before: string, after: string) => {
    const [old, now] = [lines(before), lines(after)];
    return {
      removed: old.filter((line) => !now.includes(line)),
      added: now.filter((line) => !old.includes(line)),
    };
  };

  test("is one row of who can do what, and one of each schema whose code gains by it", () => {
    const dev = testFile("dev");
    expect(changed(dev, dev.replace("shop.billing: read-only }", "shop.billing: read-write }"))).toEqual({
      removed: [
        "| orders-api | read-only | read-write |",
        "| `shop.orders` | orders-migrations | read-only on `billing`, as on-call, orders-api |",
      ],
      added: [
        "| orders-api | read-write | read-write |",
        "| `shop.orders` | orders-migrations | read-write on `billing`, as orders-api<br>read-only on `billing`, as on-call |",
      ],
    });
  });

  test("is one row in all where nobody gains by it", () => {
    const before = declared(
      `${MINIMAL}    other: { namespace: other, grants: { shop.billing: read-only } }\n`,
    );
    expect(changed(before, before.replace("read-only", "read-write")).added).toEqual([
      "| other | read-write |  |",
      "| other | other | read-write: `shop.billing` | restricted | default-deny |",
    ]);
  });
});

describe("what runs outside of EKS", () => {
  const CI = "arn:aws:iam::210987654321:role/Deploy";
  const services = (...more: string[]) =>
    `${MINIMAL.replace("access:\n", 'access:\n  accounts: { ci: "210987654321" }\n')}${[
      ["ci", `principals: ["${CI}", "arn:aws:iam::123456789012:role/Deploy"], externalId: acme-1`],
      ...more.map((keys, index) => [`x${index}`, keys]),
    ]
      .map(([key, keys]) => `    ${key}: { ${keys}, grants: { shop.orders: read-only } }\n`)
      .join("")}`;

  test("is counted by where it runs, beside all services", () => {
    const page = report(services("runsOn: lambda", "runsOn: lambda", "runsOn: ecs", "role: Legacy"));
    expect(page).toContain(
      ": 1 database, 2 schemas, 6 services (1 of listed principals, 1 on ECS, 1 with an IAM role that exists already, 2 on Lambda), 0 groups of people.",
    );
    expect(report()).toContain(": 1 database, 2 schemas, 1 service, 0 groups of people.");
  });

  test("stands out among the others, and says who takes its IAM role", () => {
    const page = report(services("runsOn: lambda", "runsOn: ecs", "runsOn: ec2", "role: Legacy"));
    for (const row of [
      "| ci (principals) | test-db-ci | `role/Deploy`<br>`arn:aws:iam::210987654321:role/Deploy` of ci<br>with the external id `acme-1` | ci | 100 |",
      "| x0 (Lambda) | test-db-x0 | Lambda functions | x0 | 100 |",
      "| x1 (ECS) | test-db-x1 | ECS tasks | x1 | 100 |",
      "| x2 (EC2) | test-db-x2 | EC2 instances | x2 | 100 |",
      "| x3 (existing role) | Legacy | whoever its own trust policy lets | x3 | 100 |",
      "| orders-api | test-db-orders-api | ServiceAccount shop/orders-api | orders_api | 100 |",
      "| x3 (existing role) |  | read-only |",
    ]) {
      expect(page).toContain(row);
    }
    const exists = "who may take it, and its boundary, are not decided here";
    expect(page).toContain(exists);
    expect(report(services("runsOn: lambda"))).not.toContain(exists);
  });

  test("and connects through the proxy says so, where there is one", () => {
    const page = report(`${services("runsOn: lambda")}database: { proxy: {}, readers: 0 }\n`);
    expect(page).toContain("| x0 (Lambda) | test-db-x0 | Lambda functions | x0<br>through the proxy | 100 |");
    expect(page).toContain("may do so there, and to the database cluster itself only for the readers");
    const readers = report(`${services("runsOn: lambda")}database: { proxy: {} }\n`);
    expect(readers).toContain("| x0<br>through the proxy, to the readers without it | 100 |");
    expect(report(services("runsOn: lambda"))).not.toContain("proxy");
  });
});
