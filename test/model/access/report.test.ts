import { describe, expect, test } from "@jest/globals";
import { accessPlan } from "../../../model/access/plan";
import { accessReport } from "../../../model/access/report";
import type { Warning } from "../../../model/config/warnings";
import { MINIMAL, parse } from "../../helpers/environment";

const services = (count: number) =>
  Array.from(
    { length: count },
    (_, index) => `    s${index}: { namespace: n, grants: { shop.orders: read-only } }\n`,
  ).join("");

describe("the report of an environment", () => {
  test("names each identity's IAM role, whom it trusts and what it may connect as, and how often at once", () => {
    expect(accessReport(accessPlan(parse()))).toContain(
      "| orders-api | `arn:aws:iam::123456789012:role/test-db-orders-api` | ServiceAccount `shop/orders-api` | `arn:aws:rds-db:eu-west-1:123456789012:dbuser:<cluster resource id>/orders_api` | 100 |",
    );
  });

  test("says what a group of people needs besides being trusted", () => {
    const people = (conditions: string) => `${MINIMAL}  people:
    on-call: { principals: ["arn:aws:iam::123456789012:role/A"], ${conditions}grants: { shop.orders: read-only } }
`;
    const report = (conditions = "") => accessReport(accessPlan(parse(people(conditions))));
    expect(report("requireMfa: true, requireSourceIdentity: true, ")).toContain(
      "| `arn:aws:iam::123456789012:role/A`<br>with MFA<br>with a source identity |",
    );
    expect(report()).toContain("| `arn:aws:iam::123456789012:role/A` |");
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
    const report = accessReport(accessPlan(parse(text)), [warning]);
    expect(report).toContain('| `access` | `"_x_"` `<b>is</b>` `\\|` `$1$` |');
    const outside = report.replace(/```[\s\S]*?```|`[^`\n]*`/g, "");
    expect(outside).not.toMatch(/_admin_|__x__|y\$z\$|<b>/);
  });

  test("says when nobody may migrate", () => {
    expect(accessReport(accessPlan(parse()))).toContain("Nobody: no identity owns a schema.");
  });

  test("says what whoever may create pods in a namespace can do, and what its pods are held to", () => {
    const text = `${MINIMAL}    orders-migrations: { namespace: shop, grants: { shop.orders: owner } }
    invoices: { namespace: finance, grants: { shop.billing: read-only } }
  namespaces: { finance: { podSecurity: baseline, networkPolicy: none } }
`;
    const report = accessReport(accessPlan(parse(text)));
    expect(report).toContain("| finance | invoices | `shop.billing`: read-only | baseline | none |");
    expect(report).toMatch(
      /\| shop \| orders-api, orders-migrations \| .*`shop\.orders`: owner \| restricted \| default-deny \|/,
    );
    const nobody = text.replace(/ {2}services:[\s\S]*/, "");
    expect(accessReport(accessPlan(parse(nobody)))).not.toContain("NetworkPolicy");
  });

  test("has a diagram that does not grow with the services", () => {
    const diagram = (count: number) =>
      /```mermaid\n([\s\S]*?)```/.exec(
        accessReport(accessPlan(parse(`${MINIMAL}${services(count)}`))),
      )?.[1] ?? "";
    expect(diagram(50).split("\n")).toHaveLength(diagram(1).split("\n").length);
    expect(diagram(50)).toContain("and 42 more");
  });
});
