import { afterEach, expect, test } from "@jest/globals";
import { groupBy } from "../../../lib/group-by";
import { accessPlan } from "../../../model/access/plan";
import { type PasswordlessPath, startPath } from "../../../tools/laptop/passwordless-path";
import type { Check } from "../../../tools/laptop/proof/check";
import { proofOf } from "../../../tools/laptop/proof/proof";
import { prove } from "../../../tools/laptop/proof/prove";
import { layersOf } from "../../helpers/app";
import { MINIMAL, parse } from "../../helpers/environment";

/** Two services through the proxy, one that goes past it, migrations, and people. */
const file = (proxy: string) =>
  parse(
    `${MINIMAL}      connectionLimit: 3
    billing-worker: { namespace: shop, grants: { shop.billing: read-write } }
    listener: { namespace: shop, proxy: false, grants: { shop.orders: read-only } }
    migrations: { namespace: shop, grants: { shop.orders: owner } }
  people:
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      grants: { shop.orders: read-only }
database: { readers: 1, proxy: ${proxy} }
`.replace(/^database:.*\n(?=(.*\n)*database:)/m, ""),
  );

const PROXIED = file("{}");

let path: PasswordlessPath | undefined;
afterEach(async () => {
  await path?.stop();
  path = undefined;
});

let checks: readonly Check[] = [];

/** What the proof finds after somebody has changed something in a stack. */
async function failuresAfter(
  changes: Readonly<Record<string, (json: string) => string>>,
  environment = PROXIED,
): Promise<readonly string[]> {
  const plan = accessPlan(environment);
  path = await startPath(plan, layersOf(environment, changes), () => undefined, { readers: true });
  checks = await prove(path);
  return proofOf(plan, checks, path.now()).failures;
}

/** What of the proof is about the proxy, by identity. */
function ofProxy(): Readonly<Record<string, readonly string[]>> {
  const proxied = checks.filter(({ subject, what }) => subject === "login" && /proxy/.test(what));
  return Object.fromEntries(
    [...groupBy(proxied, ({ identity }) => identity)].map(([key, each]) => [
      key,
      each.map(({ what, expected }) => `${what}: ${expected}`),
    ]),
  );
}

const PAST = (expected: string) => [
  `past the proxy: ${expected}`,
  "past the proxy, with a token for its own endpoint: denied",
  "at its own endpoint, with a token for past the proxy: denied",
];
const AT = [
  "at the proxy: denied",
  "at the proxy, with a token for its own endpoint: denied",
  "at its own endpoint, with a token for at the proxy: denied",
];

test("services go through the proxy and not past it, others past it and not through it", async () => {
  expect(await failuresAfter({}, file("{ readerEndpoint: true }"))).toEqual([]);
  expect(ofProxy()).toEqual({
    "billing-worker": PAST("denied"),
    listener: AT,
    migrations: AT,
    "on-call": AT,
    "orders-api": PAST("denied"),
  });
}, 120_000);

test("where the proxy does not lead to the readers, services reach those without it", async () => {
  expect(await failuresAfter({})).toEqual([]);
  expect(ofProxy()).toMatchObject({ "orders-api": PAST("allowed"), migrations: AT });
}, 120_000);

/** Replaces a text that must be there, once. */
const replaced = (from: string, to: string) => (stack: string) => {
  if (stack.split(from).length !== 2) throw new Error(`the stack has not one ${from}`);
  return stack.replace(from, () => to);
};
const [CLUSTER, PROXY] = ["${local.database-resource-id}", "${local.proxy-resource-id}"];
const NOBODY_GETS_IN = [
  "billing-worker, login, as itself, with a token: must be allowed, was denied",
  "orders-api, login, as itself, with a token: must be allowed, was denied",
];

test.each<[string, Readonly<Record<string, (json: string) => string>>, readonly string[]]>([
  [
    "a user whom the proxy may not connect as",
    { access: replaced(`${CLUSTER}/billing_worker`, `${CLUSTER}/nobody`) },
    NOBODY_GETS_IN.slice(0, 1),
  ],
  [
    "a service that may not connect to the proxy, but past it",
    { access: replaced(`${PROXY}/billing_worker`, `${CLUSTER}/billing_worker`) },
    [...NOBODY_GETS_IN.slice(0, 1), "billing-worker, login, past the proxy: must be denied, was allowed"],
  ],
  [
    "a proxy whose role does not trust RDS",
    { database: (stack) => stack.replaceAll("rds.amazonaws.com", "ecs.amazonaws.com") },
    NOBODY_GETS_IN,
  ],
])(
  "the proof finds %s",
  async (_, changes, failures) => {
    const found = await failuresAfter(changes, file("{ readerEndpoint: true }"));
    for (const failure of failures) expect(found).toContain(failure);
    expect(found.filter((each) => /^(listener|migrations|on-call)/.test(each))).toEqual([]);
  },
  120_000,
);
