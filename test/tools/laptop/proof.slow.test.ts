import { afterEach, expect, test } from "@jest/globals";
import { accessPlan } from "../../../model/access/plan";
import { hasReaderEndpoint } from "../../../model/config/database/reader-endpoint";
import { type PasswordlessPath, startPath } from "../../../tools/laptop/passwordless-path";
import { proofOf } from "../../../tools/laptop/proof/proof";
import { prove } from "../../../tools/laptop/proof/prove";
import { layersOf } from "../../helpers/app";
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

/** The last proof's. */
let rows: readonly (readonly string[])[] = [];

/** What the proof finds after somebody has tampered with it. */
async function failuresAfter(
  tamper: { readonly iam?: (stack: string) => string; readonly sql?: readonly [string, string] },
  environment = TWO,
  now = Date.now(),
): Promise<readonly string[]> {
  const stack = layersOf(environment, tamper.iam && { access: tamper.iam });
  const plan = accessPlan(environment);
  path = await startPath(plan, stack, () => undefined, {
    readers: hasReaderEndpoint(environment.database),
    conditionTime: () => now,
  });
  if (tamper.sql) {
    const [database, sql] = tamper.sql;
    const superuser = await path.superuser(database);
    await superuser.query(sql);
    await superuser.end();
  }
  const { table, failures } = proofOf(plan, await prove(path), now);
  rows = table.rows;
  expect(table.rows.flat().join(" ").includes("✗")).toBe(failures.length > 0);
  return failures;
}

test.each(["company", "dev", "everywhere", "prod"] as const)(
  "every identity of %s.yaml does what the file says and nothing more",
  async (name) => {
    expect(await failuresAfter({}, testEnvironment(name))).toEqual([]);
  },
  120_000,
);

/** One with the job that verifies. */
const LOOKING = parse(`${MINIMAL}verify: { schedule: "0 5 * * *", image: verify:1.0.0, namespace: shop }\n`);

test.each([
  [
    "reads tables",
    "GRANT pg_read_all_data TO verify",
    "verify, shop.orders, select: must be denied, was allowed",
  ],
  [
    "may not connect",
    "REVOKE CONNECT ON DATABASE shop FROM shop_connect",
    "verify, shop.orders, connect to shop: must be allowed, was denied",
  ],
  [
    "reads files of the server",
    "GRANT pg_read_server_files TO verify; GRANT EXECUTE ON FUNCTION pg_ls_dir(text) TO verify",
    "verify, login, list files of the server: must be denied, was allowed",
  ],
])(
  "the proof finds that the job that verifies %s",
  async (_, sql, failure) => {
    expect(await failuresAfter({ sql: ["shop", sql] }, LOOKING)).toContain(failure);
  },
  60_000,
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

const EXTENDED = parse(
  MINIMAL.replace(
    "shop: [billing, orders]",
    "shop: { schemas: [billing, orders], extensions: [pg_trgm, tcn] }",
  ),
);

test.each<[string, string, readonly string[]]>([
  [
    "an extension that is not found by its name",
    "REVOKE USAGE ON SCHEMA public FROM shop_orders_rw",
    [
      "orders-api, shop.orders, use the extension pg_trgm: must be allowed, was error: operator is not unique: unknown % unknown",
    ],
  ],
  [
    "an extension that is not there",
    "DROP EXTENSION tcn",
    ["orders-api, shop.orders, use the extension tcn: must be allowed, was error: division by zero"],
  ],
  [
    "who could create an extension",
    "GRANT CREATE ON DATABASE shop TO shop_orders_rw; GRANT CREATE ON SCHEMA public TO shop_orders_rw",
    [
      "orders-api, shop.orders, create an extension: must be denied, was allowed",
      "orders-api, shop.orders, create beside the extensions: must be denied, was allowed",
    ],
  ],
])(
  "the proof finds %s",
  async (_, sql, failures) => {
    expect(
      (await failuresAfter({ sql: ["shop", sql] }, EXTENDED)).filter(
        (each) => !each.includes("through the readers"),
      ),
    ).toEqual(failures);
  },
  60_000,
);

/** A service with few connections, whose statements end, and that looks names up in its schemas. */
const LIMITED =
  parse(`${MINIMAL.replace("shop: [billing, orders]", "shop: { schemas: [billing, orders], extensions: [pg_trgm] }")}      connectionLimit: 2
      statementTimeout: 30s
      idleInTransactionSessionTimeout: 1min
      searchPath: [orders]
`);

test("an identity has the connections that it may have and not one more, and its sessions the limits of the file", async () => {
  expect(await failuresAfter({}, LIMITED)).toEqual([]);
}, 60_000);

test("the proof finds limits that are not there", async () => {
  const sql = "ALTER ROLE orders_api CONNECTION LIMIT 3; ALTER ROLE orders_api RESET ALL";
  const found = await failuresAfter({ sql: ["shop", sql] }, LIMITED);
  const atWriter = found.filter((line) => !line.includes("through the readers"));
  expect(atWriter.filter((line) => line.startsWith("orders-api, login, "))).toEqual([
    "orders-api, login, once more at once: must be denied, was allowed",
    expect.stringContaining("end its statements in time: must be allowed, was error: division by zero"),
    expect.stringContaining(
      "end its open transactions in time: must be allowed, was error: division by zero",
    ),
    expect.stringContaining('was error: relation "access_proof" does not exist'),
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

/** People by name, whose access ends. */
const NAMED = parse(`${MINIMAL}  people:
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      members: [anna@acme.com, ben]
      until: 2026-12-31T18:00:00+01:00
      grants: { shop.orders: read-only }
    support:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      members: [ben, carl]
      grants: { shop.billing: read-only }
`);
const [BEFORE, AFTER] = ["2026-12-31T16:59:59Z", "2026-12-31T17:00:00Z"].map(Date.parse);
const rowOf = (key: string) => rows.find(([name]) => name === key);

test("each member is who they are and nobody else, and who is in two groups takes the role of either", async () => {
  expect(await failuresAfter({}, NAMED, BEFORE)).toEqual([]);
  expect(rowOf("on-call")).toEqual(["on-call", "✓", "✓", "✓ –", "✓ read-only"]);
}, 60_000);

test("what has ended is proven to have", async () => {
  expect(await failuresAfter({}, NAMED, AFTER)).toEqual([]);
  expect(rowOf("on-call")).toEqual(["on-call", "✓", "✓", "✓ –", "✓ ended"]);
  expect(rowOf("support")).toEqual(["support", "✓", "✓", "✓ read-only", "✓ –"]);
}, 60_000);

/** A change of every text in policies, which are JSON in JSON. */
const policies = (from: string, to: string) => ({
  iam: (stack: string) => {
    const [old, now] = [from, to].map((text) => JSON.stringify(text).slice(1, -1));
    if (!stack.includes(old ?? "")) throw new Error(`the stack has no ${old}`);
    return stack.replaceAll(old ?? "", () => now ?? "");
  },
});
const LIKE = ',"StringLike":{"aws:userid":"*:$${sts:RoleSessionName}"}';
const NAMES = '"StringEquals":{"sts:RoleSessionName":["anna@acme.com","ben"]},';
const END = ',"DateLessThan":{"aws:CurrentTime":"2026-12-31T17:00:00Z"}';
const CONNECTS = '"StringLike":{"aws:userid":"*:anna@acme.com"}';

test.each([
  [
    "that a session may be taken in another's name",
    policies(LIKE, ""),
    "on-call, IAM role, ben: its own role, in the name of anna@acme.com: must be denied, was allowed",
    "support, IAM role, carl: its own role, signed in as ben: must be denied, was allowed",
  ],
  [
    "that anybody may take the role under their own name",
    policies(NAMES, ""),
    "on-call, IAM role, anna@acme.com: its own role, as =,=: must be denied, was allowed",
    "support, IAM role, carl: the role of on-call: must be denied, was allowed",
  ],
  [
    "that a member may connect as another",
    policies(CONNECTS, '"StringLike":{"aws:userid":["*:anna@acme.com","*:ben"]}'),
    "on-call, login, ben: as on_call_anna: must be denied, was allowed",
  ],
  [
    "that a member may not connect",
    policies(CONNECTS, '"StringLike":{"aws:userid":"*:anna"}'),
    "on-call, login, anna@acme.com: as itself, with a token: must be allowed, was denied",
  ],
  [
    "that access does not end",
    policies(END, ""),
    "on-call, IAM role, ben: its own role, after its end: must be denied, was allowed",
    "on-call, login, ben: after its end, with a role from before: must be denied, was allowed",
  ],
  [
    "that access ends too early",
    policies("2026-12-31T17:00:00Z", "2026-12-31T16:59:59Z"),
    "on-call, IAM role, ben: its own role, right before its end: must be allowed, was denied",
  ],
])(
  "the proof finds %s",
  async (_, tamper, ...failures) => {
    const found = await failuresAfter(tamper, NAMED, Date.parse("2026-12-01"));
    for (const failure of failures) expect(found).toContain(failure);
  },
  60_000,
);

test("the proof finds that access which must have ended has not", async () => {
  const found = await failuresAfter(policies(END, ""), NAMED, AFTER);
  expect(found).toContain("on-call, IAM role, ben: its own role, after its end: must be denied, was allowed");
  expect(found).toContain(
    "on-call, login, ben: as itself, after its end, with a role from before: must be denied, was allowed",
  );
  expect(found).toContain("on-call, shop.orders, ben: connect to shop: must be denied, was allowed");
}, 60_000);

test("the proof tries everything through both endpoints, and the tokens of each at the other", async () => {
  const environment = parse(MINIMAL.replace("shop: [billing, orders]", "shop: [orders]"));
  path = await startPath(accessPlan(environment), layersOf(environment), () => undefined, { readers: true });
  const checks = await prove(path);
  const tried = (...words: readonly string[]) =>
    checks
      .filter(({ what }) => words.some((word) => what.includes(word)))
      .map(({ what, expected, outcome }) => [what, expected, outcome]);
  expect(tried("endpoint")).toEqual([
    ["at the other endpoint", "allowed", "allowed"],
    ["at the other endpoint, with a token for its own", "denied", "denied"],
    ["at its own endpoint, with a token for the other", "denied", "denied"],
  ]);
  const statements = checks.filter(({ subject, what }) => subject === "shop.orders" && !/readers/.test(what));
  expect(tried("through the readers")).toEqual(
    statements.map(({ what }) => {
      const reads = ["select", "read a sequence", "call a procedure"].includes(what) ? "allowed" : "denied";
      return [`${what}, through the readers`, reads, reads];
    }),
  );
}, 120_000);
