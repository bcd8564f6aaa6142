import { afterEach, expect, test } from "@jest/globals";
import { accessPlan } from "../../../model/access/plan";
import { hasReaderEndpoint } from "../../../model/config/database/reader-endpoint";
import { type PasswordlessPath, startPath } from "../../../tools/laptop/passwordless-path";
import { proofOf } from "../../../tools/laptop/proof/proof";
import { prove } from "../../../tools/laptop/proof/prove";
import { stackOf, synthApp } from "../../helpers/app";
import { MINIMAL, parse, testEnvironment } from "../../helpers/environment";

/** Two services that have nothing in common. */
const TWO = parse(`${MINIMAL}    billing-worker:
      namespace: shop
      grants: { shop.billing: read-write }
`);

let path: PasswordlessPath | undefined;
afterEach(async () => {
  await path?.stop();
  path = undefined;
});

/** What the proof finds after somebody has tampered with it. */
async function failuresAfter(
  tamper: { readonly iam?: (stack: string) => string; readonly sql?: readonly [string, string] },
  environment = TWO,
): Promise<readonly string[]> {
  const stack = JSON.stringify(stackOf(synthApp(environment), `${environment.name}-access`));
  const plan = accessPlan(environment);
  path = await startPath(plan, JSON.parse(tamper.iam?.(stack) ?? stack), () => undefined, {
    readers: hasReaderEndpoint(environment.database),
  });
  if (tamper.sql) {
    const [database, sql] = tamper.sql;
    const superuser = await path.superuser(database);
    await superuser.query(sql);
    await superuser.end();
  }
  const { table, failures } = proofOf(plan, await prove(path));
  expect(table.rows.flat().join(" ").includes("✗")).toBe(failures.length > 0);
  return failures;
}

test.each(["company", "dev", "prod"] as const)(
  "every identity of %s.yaml does what the file says and nothing more",
  async (name) => {
    expect(await failuresAfter({}, testEnvironment(name))).toEqual([]);
  },
  120_000,
);

/** People who need both a second factor and a source identity. */
const CONDITIONS = parse(`${MINIMAL}  people:
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      requireMfa: true
      requireSourceIdentity: true
      grants: { shop.orders: read-only }
`);

test("people take their role with a second factor and a source identity, and not without either", async () => {
  expect(await failuresAfter({}, CONDITIONS)).toEqual([]);
}, 60_000);

test("who is in two groups takes the role of either, that with MFA only with MFA, and the proof finds a missing condition", async () => {
  const group = (name: string, more: string) => `    ${name}:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]${more}
      grants: { shop.orders: read-only }
`;
  const mfa = "\n      requireMfa: true";
  const groups = `${group("looking", "")}${group("mending", mfa)}${group("named", "\n      requireSourceIdentity: true")}`;
  const both = parse(`${MINIMAL}  people:\n${groups}`);
  expect(await failuresAfter({}, both)).toEqual([]);
  await path?.stop();
  const iam = (stack: string) => stack.replaceAll(/,\\"Condition\\":\{\\"Bool\\":\{[^}]*\}\}/g, "");
  expect(await failuresAfter({ iam }, both)).toEqual([
    "looking, IAM role, the role of mending: must be denied, was allowed",
    "mending, IAM role, its own role, without MFA: must be denied, was allowed",
  ]);
}, 120_000);

test("the proof finds a privilege too many, and whose it is", async () => {
  const sql =
    "GRANT INSERT ON ALL TABLES IN SCHEMA orders TO billing_worker; GRANT USAGE ON SCHEMA orders TO billing_worker; ALTER DEFAULT PRIVILEGES FOR ROLE shop_orders_owner IN SCHEMA orders GRANT DELETE ON TABLES TO billing_worker";
  expect(await failuresAfter({ sql: ["shop", sql] })).toEqual([
    "billing-worker, shop.orders, delete: must be denied, was allowed",
  ]);
}, 60_000);

test("the proof finds functions that everybody may execute", async () => {
  const sql = "ALTER DEFAULT PRIVILEGES FOR ROLE shop_orders_owner GRANT EXECUTE ON FUNCTIONS TO PUBLIC";
  const readers = parse(MINIMAL.replace("read-write", "read-only"));
  expect(await failuresAfter({ sql: ["shop", sql] }, readers)).toEqual([
    "orders-api, shop.orders, write by a function of the owner's: must be denied, was allowed",
    "orders-api, shop.orders, call a procedure: must be denied, was allowed",
    "orders-api, shop.orders, call a procedure, through the readers: must be denied, was allowed",
  ]);
}, 60_000);

test("the proof finds a privilege that is missing", async () => {
  const sql =
    "ALTER DEFAULT PRIVILEGES FOR ROLE shop_orders_owner IN SCHEMA orders REVOKE UPDATE ON TABLES FROM shop_orders_rw";
  expect(await failuresAfter({ sql: ["shop", sql] })).toEqual([
    "orders-api, shop.orders, update: must be allowed, was denied",
  ]);
}, 60_000);

test("the proof finds a policy that allows another user", async () => {
  const iam = (stack: string) => stack.replace("}/orders_api", "}/billing_worker");
  const found = await failuresAfter({ iam });
  expect(found).toContain("orders-api, login, as billing_worker: must be denied, was allowed");
  expect(found).toContain("orders-api, login, as itself, with a token: must be allowed, was denied");
}, 60_000);

test("the proof finds a role that another ServiceAccount can take", async () => {
  const iam = (stack: string) =>
    stack.replaceAll(":serviceaccount:shop:orders-api", ":serviceaccount:shop:billing-worker");
  const found = await failuresAfter({ iam });
  expect(found).toContain("billing-worker, IAM role, the role of orders-api: must be denied, was allowed");
  expect(found).toContain("orders-api, IAM role, its own role: must be allowed, was denied");
}, 60_000);

test("the proof finds who is kept from the readers", async () => {
  const iam = (stack: string) => stack.replace("}/orders_api", "}/nobody");
  expect(await failuresAfter({ iam })).toContain(
    "orders-api, login, at the other endpoint: must be allowed, was denied",
  );
}, 60_000);
