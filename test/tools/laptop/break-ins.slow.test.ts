import { describe, expect, test } from "@jest/globals";
import { accessPlan } from "../../../model/access/plan";
import type { Environment } from "../../../model/config/environment";
import { breakIns } from "../../../tools/laptop/break-ins";
import { type Laptop, startLaptop } from "../../../tools/laptop/laptop";
import { type PasswordlessPath, startPath } from "../../../tools/laptop/passwordless-path";
import { layersOf } from "../../helpers/app";
import { MINIMAL, parse, testEnvironment, testEnvironments } from "../../helpers/environment";

async function onPath(
  environment: Environment,
  run: (path: PasswordlessPath) => Promise<void>,
): Promise<void> {
  const path = await startPath(accessPlan(environment), layersOf(environment), () => undefined, {
    readers: true,
  });
  try {
    await run(path);
  } finally {
    await path.stop();
  }
}

describe("what is shown to break in by", () => {
  test.each(testEnvironments().map((each) => [each.name, each] as const))(
    "is refused, three times and in three ways: %s",
    async (_, environment) => {
      await onPath(environment, async (path) => {
        const tried = await breakIns(path);
        expect(tried.map(({ refused }) => refused)).toEqual([true, true, true]);
        expect(new Set(tried.map(({ refusal }) => refusal)).size).toBe(3);
        for (const { command, refusal } of tried) {
          expect(command).toMatch(/^npm run as -- [a-z0-9_-]+ (psql|env) /);
          expect(refusal).toMatch(/permission denied|authentication failed|Not authorized/);
        }
      });
    },
    60_000,
  );

  test("is no recipe where nobody logs in, and what there is where one does", async () => {
    const only = `${MINIMAL}  people:
    on-call: { principals: ["arn:aws:iam::123456789012:role/OnCall"], grants: { shop.orders: read-only } }
`;
    const alone = parse(only.replace(/ {2}services:[\s\S]*?(?= {2}people:)/, ""));
    expect(accessPlan(alone).identities.map(({ key }) => key)).toEqual(["on-call"]);
    await onPath(alone, async (path) => {
      const tried = await breakIns(path);
      expect(tried.map(({ command, refusal }) => [command, refusal])).toEqual([
        [
          "npm run as -- on-call psql -c 'SELECT * FROM \"billing\".sample'",
          "ERROR:  permission denied for schema billing",
        ],
        [
          "npm run as -- on-call psql -c 'DELETE FROM \"orders\".sample'",
          "ERROR:  permission denied for table sample",
        ],
        [
          "npm run as -- on-call psql -c 'CREATE ROLE one_more LOGIN'",
          "ERROR:  permission denied to create role",
        ],
      ]);
      expect(await breakIns({ ...path, plan: { ...path.plan, identities: [] } })).toEqual([]);
    });
  }, 60_000);

  test("is told from what is refused when it is not, and when it fails for another reason", async () => {
    await onPath(testEnvironment("dev"), async (path) => {
      const client = await path.superuser("shop");
      await client.query("GRANT USAGE ON SCHEMA orders TO PUBLIC; GRANT SELECT ON orders.sample TO PUBLIC");
      expect((await breakIns(path))[0]).toMatchObject({ refused: false, refusal: "it was not refused" });
      await client.query("DROP TABLE orders.sample");
      expect((await breakIns(path))[0]).toMatchObject({
        refused: false,
        refusal: 'ERROR:  relation "orders.sample" does not exist',
      });
      await client.end();
    });
  }, 60_000);
});

test("each schema has rows, for whoever may read them and for nobody else", async () => {
  const environment = testEnvironment("dev");
  const laptop: Laptop = await startLaptop(environment, layersOf(environment), () => undefined);
  try {
    const client = await (await laptop.logInAs("orders-api"))();
    const { rows } = await client.query("SELECT note FROM orders.sample ORDER BY id");
    expect(rows.map(({ note }) => note)).toEqual([
      "the first row of shop.orders",
      "the second row of shop.orders",
      "the third row of shop.orders",
    ]);
    await client.query("UPDATE orders.sample SET note = note");
    await expect(client.query("UPDATE billing.sample SET note = note")).rejects.toThrow(
      "permission denied for table sample",
    );
    await client.end();
    const other = await (await laptop.logInAs("billing-worker"))();
    await expect(other.query("SELECT FROM orders.sample")).rejects.toThrow(
      "permission denied for schema orders",
    );
    await other.end();
  } finally {
    await laptop.stop();
  }
}, 60_000);
