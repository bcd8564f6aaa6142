import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { dataProblems } from "../../../model/config/parse";
import { accessYaml } from "../../../tools/adopt/access-yaml";
import type { LiveServer } from "../../../tools/adopt/live-server";
import { propose } from "../../../tools/adopt/propose";
import { markdownReport, textReport } from "../../../tools/adopt/report";
import { parse } from "../../helpers/environment";
import { randomCases } from "../../helpers/extent";
import { database, FACTS, grant, membership, role, schema, server, tables } from "./live";

/** Names as people give them, and as nobody should. */
const NAMES = [
  ...[
    "shop",
    "orders",
    "app",
    "public",
    "Shop",
    "my-shop",
    "my_shop",
    "my.shop",
    "my shop",
    'a"b',
    "__proto__",
  ],
  ...[
    "constructor",
    "postgres",
    "pg_x",
    "rds_x",
    "rdsadmin",
    "none",
    "default",
    "kube-x",
    "amazon-x",
    "1st",
    "_",
  ],
  ...["$user", "${x}", "é", "::add-mask::x", "a\nb", "x".repeat(63), `${"y".repeat(60)}-z`, "shop_orders_rw"],
  ...["template1", "information_schema", "orders_iam", "orders_migrations", "select", "\u202e", "toString"],
];

const name = fc.constantFrom(...NAMES);
const privilege = fc.constantFrom(
  ...[
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "TRUNCATE",
    "USAGE",
    "EXECUTE",
    "CREATE",
    "CONNECT",
    "MAINTAIN",
  ],
);
const anyRole = fc.record({
  name,
  login: fc.boolean(),
  power: fc.constantFrom("INHERIT", "SUPERUSER", "REPLICATION", "BYPASSRLS", "CREATEROLE"),
  connectionLimit: fc.constantFrom(-1, 0, 7, 100_000),
  hasPassword: fc.constantFrom(null, true, false),
  setting: fc.constantFrom(
    ...["statement_timeout=30s", "statement_timeout=0", "statement_timeout=x", "search_path=orders, public"],
    ...['search_path="$user", "my.shop"', "work_mem=64MB", "statement_timeout=999999999999d", "="],
  ),
});
const anyGrant = fc.record({
  grantee: fc.oneof(name, fc.constant("public")),
  privilege,
  grantable: fc.boolean(),
});
const anyObject = fc.record({
  schema: name,
  kind: fc.constantFrom(
    "table",
    "view",
    "sequence",
    "routine",
    "SECURITY DEFINER routine",
    "type",
    "column" as const,
  ),
  owner: name,
  partOf: fc.constantFrom(null, "extension", "table" as const),
  grants: fc.array(anyGrant, { maxLength: 4 }),
});
const anyDatabase = fc.record({
  name,
  owner: name,
  connectable: fc.boolean(),
  schemas: fc.uniqueArray(name, { maxLength: 4 }),
  objects: fc.array(anyObject, { maxLength: 6 }),
  extensions: fc.uniqueArray(fc.oneof(name, fc.constantFrom("dblink", "vector", "uuid-ossp")), {
    maxLength: 3,
  }),
});
const anyServer = fc
  .record({
    roles: fc.uniqueArray(anyRole, { maxLength: 6, selector: (each) => each.name }),
    memberships: fc.array(fc.tuple(name, fc.oneof(name, fc.constant("rds_iam"))), { maxLength: 5 }),
    databases: fc.uniqueArray(anyDatabase, { maxLength: 4, selector: (each) => each.name }),
  })
  .map(
    ({ roles, memberships, databases }): LiveServer =>
      server({
        roles: roles
          .filter((each) => each.name !== "postgres" && each.name !== "rdsadmin")
          .map(({ name: each, login, power, setting, ...rest }) =>
            role(each, {
              ...rest,
              system: /^(pg_|rds)/.test(each),
              attributes: ["INHERIT", power, ...(login ? ["LOGIN"] : [])],
              settings: [{ database: null, setting }],
            }),
          ),
        memberships: memberships.map(([member, group]) => membership(group, member)),
        databases: databases.map(({ name: each, owner, connectable, schemas, objects, extensions }) =>
          database(each, {
            owner,
            connectable,
            schemas: schemas
              .filter((one) => one !== "public")
              .map((one) => schema(one, { owner, open: true })),
            objects: objects.map(({ schema: at, kind, owner: whose, partOf, grants }, index) =>
              tables(at, whose, [`thing_${index}`], grants, {
                kind,
                partOf,
                relation: kind === "column" ? "thing" : null,
              }),
            ),
            extensions: extensions.map((extension) => ({
              name: extension,
              schema: "public",
              owner: "rdsadmin",
              relocatable: true,
            })),
          }),
        ),
      }),
  );

test("whatever a server holds, what is proposed for it is taken by the model as it is written", () => {
  fc.assert(
    fc.property(anyServer, fc.boolean(), (live, inPlace) => {
      const proposal = propose(live, FACTS, { inPlace });
      for (const report of [textReport(proposal), markdownReport(proposal)]) {
        expect(report).not.toMatch(/[\u202e\0]|\n::/);
      }
      if (!proposal.access) return;
      const errors = dataProblems({ ...FACTS.file, access: proposal.access }).filter((each) => !each.warning);
      expect(errors).toEqual([]);
      const { name: environment, account, region } = FACTS.file;
      const text = `name: ${environment}\naccount: "${account}"\nregion: ${region}\n${accessYaml(proposal)}`;
      const read = parse(text);
      expect(Object.keys(read.access.services).sort()).toEqual(Object.keys(proposal.access.services).sort());
      expect(Object.keys(read.access.databases).sort()).toEqual(
        Object.keys(proposal.access.databases).sort(),
      );
    }),
    randomCases(500),
  );
});

test("whoever holds something and is in no service is told of, and so is each database that is left out", () => {
  fc.assert(
    fc.property(anyServer, (live) => {
      const { access, beyond, identities } = propose(live, FACTS);
      const told = (what: string) =>
        beyond.some(({ where }) => where === what || where.startsWith(`${what},`));
      const silent = [
        ...live.databases
          .map((each) => each.name)
          .filter((each) => each !== "postgres" && !Object.hasOwn(access?.databases ?? {}, each))
          .filter((each) => !told(`database ${each}`))
          // Or each of its schemas.
          .filter((each) => !beyond.some(({ where }) => where.startsWith(`${each}.`))),
        ...live.roles
          .filter((each) => !each.system && each.name !== "postgres")
          .map((each) => each.name)
          .filter((each) => !identities.some(({ login }) => login === each))
          .filter((each) => !told(`login ${each}`) && !told(`role ${each}`)),
      ];
      expect(silent).toEqual([]);
    }),
    randomCases(500),
  );
});

test("grants follow what a login has: nobody is proposed to write who could not, nor to read", () => {
  const live = server({
    roles: [role("reader"), role("other")],
    databases: [
      database("shop", {
        schemas: [schema("orders", { open: true })],
        objects: [tables("orders", "postgres", ["item"], [grant("reader", "SELECT")])],
      }),
    ],
  });
  const { access } = propose(live, FACTS);
  expect(Object.values(access?.services ?? {}).map(({ grants }) => grants)).toEqual([
    { "shop.orders": "owner" },
    { "shop.orders": "read-only" },
  ]);
});
