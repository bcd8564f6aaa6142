import { expect, test } from "@jest/globals";
import { connectionVariables, type Endpoints } from "../../../model/access/connection";
import { accessPlan } from "../../../model/access/plan";
import { MINIMAL, parse } from "../../helpers/environment";

const writer = { host: "writer.example", port: 5432 };
const reader = { host: "reader.example", port: 5432 };
const READS = MINIMAL.replace("namespace: shop", "namespace: shop\n      endpoint: reader").replace(
  "read-write",
  "read-only",
);

function variables(text: string, endpoints: Endpoints) {
  const plan = accessPlan(parse(text));
  const [identity] = plan.identities;
  if (identity?.kind !== "service") throw new Error("no identity");
  return connectionVariables(plan, identity, endpoints);
}

test("whoever works with the writer is told the readers' host as well, which has the same port", () => {
  expect(variables(MINIMAL, { writer, reader })).toEqual({
    AWS_REGION: "eu-west-1",
    PGDATABASE: "shop",
    PGHOST: "writer.example",
    PGHOST_READER: "reader.example",
    PGPORT: "5432",
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: "/etc/rds-ca/rds-ca.pem",
    PGUSER: "orders_api",
  });
});

test("readers at another port are not named, since PGPORT is the writer's", () => {
  const { PGHOST_READER, PGPORT } = variables(MINIMAL, { writer, reader: { ...reader, port: 5433 } });
  expect([PGHOST_READER, PGPORT]).toEqual([undefined, "5432"]);
});

test("where there are no readers nothing is said of them", () => {
  expect(Object.keys(variables(MINIMAL, { writer }))).not.toContain("PGHOST_READER");
});

test("whoever works with readers gets their host and port, and no other", () => {
  const own = variables(READS, { writer, reader: { ...reader, port: 5433 } });
  expect(own).toMatchObject({ PGHOST: "reader.example", PGPORT: "5433" });
  expect(Object.keys(own)).not.toContain("PGHOST_READER");
  expect(JSON.stringify(own)).not.toContain("writer");
});

test("nobody who works with readers gets the writer's host where there are none", () => {
  expect(() => variables(READS, { writer })).toThrow("orders-api connects to readers, and there are none");
});
