import { describe, expect, test } from "@jest/globals";
import { stackOf, synthApp } from "../helpers/app";
import { only } from "../helpers/construct";
import { declared, MINIMAL, parse } from "../helpers/environment";

const app = (databases: string, more = "") =>
  synthApp(parse(declared(`${MINIMAL.replace("shop: [billing, orders]", databases)}${more}`)));
const BOTH = `shop: { schemas: [billing, orders], extensions: [vector, cube] },
      stock: { schemas: [parts], extensions: [cube, { name: dblink, reason: for now }] }`;

describe("extensions in the file", () => {
  const both = app(BOTH);

  test("are the allow-list of the database cluster: all of them, each once, whatever the order", () => {
    const { parameter } = only(stackOf(both, "test-database"), "aws_rds_cluster_parameter_group");
    expect(parameter).toContainEqual({
      name: "rds.allowed_extensions",
      value: "cube,dblink,vector",
      apply_method: "immediate",
    });
  });

  test("are guarded against leaving it", () => {
    const { for_each } = only(stackOf(both, "test-access"), "terraform_data");
    for (const name of ["shop.cube", "shop.vector", "stock.cube", "stock.dblink"]) {
      expect(for_each).toContain(`"extension ${name}"`);
    }
  });

  test("change nothing of the stacks of a file that names none, in either form", () => {
    const text = (name: string, from: ReturnType<typeof app>) => JSON.stringify(stackOf(from, name));
    const [short, long] = ["shop: [billing, orders]", "shop: { schemas: [billing, orders] }"].map((each) =>
      app(each),
    );
    for (const name of ["test-database", "test-access"]) {
      expect(short && text(name, short)).toBe(long && text(name, long));
      expect(short && text(name, short)).not.toContain("xtension");
    }
  });
});
