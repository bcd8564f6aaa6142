import { describe, expect, test } from "@jest/globals";
import { MINIMAL, parse, problemsOf } from "../../../helpers/environment";
import { withServices } from "../mistakes";

const service = (grants: string, databases?: string) =>
  withServices(`a: { namespace: n, endpoint: reader, grants: { ${grants} } }`, databases);
const READS = service("shop.orders: read-only");

describe("who works with readers alone", () => {
  test("has grants that read, in as many schemas as it likes", () => {
    expect(problemsOf(READS)).toEqual([]);
    expect(problemsOf(service("shop.orders: read-only, shop.billing: read-only"))).toEqual([]);
  });

  test.each([
    [
      "writes somewhere",
      "shop.billing: read-only, shop.orders: read-write",
      "and it has shop.orders: read-write;",
    ],
    ["owns a schema", "shop.orders: owner", "and it has shop.orders: owner;"],
    [
      "writes in several places",
      "shop.billing: read-write, shop.orders: read-write",
      "and it has shop.billing: read-write and shop.orders: read-write;",
    ],
  ])("is refused when it %s", (_, grants, says) => {
    expect(problemsOf(service(grants))).toEqual([
      `7:34: readers refuse every write, ${says} leave the key out, or give what writes to an identity of its own`,
    ]);
  });

  test("is refused as people, too", () => {
    const people = `${MINIMAL}  people:
    on-call:
      principals: ["arn:aws:iam::123456789012:role/A"]
      endpoint: reader
      grants: { shop.orders: read-write }
`;
    expect(problemsOf(people)).toEqual([expect.stringContaining("14:17: readers refuse every write")]);
    expect(problemsOf(people.replaceAll("read-write", "read-only"))).toEqual([]);
  });

  test.each([
    ["{ readers: 0 }", ["7:34: database.readers is 0, so there are none; leave the key out"]],
    ["{ readers: 1 }", []],
    [
      "{ existing: { instance: shop } }",
      ["7:34: an RDS instance has no endpoint for readers; leave the key out"],
    ],
    // Without replicas Aurora answers there with the writer.
    ["{ existing: { cluster: shop } }", []],
  ])("needs a database that has some: %s", (database, problems) => {
    expect(problemsOf(`${READS}database: ${database}\n`)).toEqual(problems);
  });

  test("hears all that is wrong with it at once", () => {
    expect(problemsOf(`${service("shop.orders: owner")}database: { readers: 0 }\n`)).toHaveLength(2);
  });
});

test("whoever says nothing works with the writer, wherever there are readers or not", () => {
  expect(parse().access.services["orders-api"]?.endpoint).toBe("writer");
  const writer = READS.replace("endpoint: reader", "endpoint: writer");
  expect(problemsOf(`${writer}database: { readers: 0 }\n`)).toEqual([]);
});

test("another endpoint is refused with those there are", () => {
  expect(problemsOf(READS.replace("endpoint: reader", "endpoint: readers"))).toEqual([
    expect.stringMatching(/^7:34: .*writer.*reader/),
  ]);
});
