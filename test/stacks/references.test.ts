import { describe, expect, test } from "@jest/globals";
import { loadEnvironments } from "../../config/load";
import { synthApp, texts } from "../helpers/app";
import type { TerraformJson } from "../helpers/construct";

const stacks = synthApp(...loadEnvironments());

/** What `${…}` and depends_on of a stack refer to, as `type.name` or `data.type.name`. */
function references(stack: TerraformJson): { path: string; reference: string }[] {
  return texts(stack).flatMap(({ path, text }) => {
    const expressions = /\/depends_on\/\d+$/.test(path)
      ? [text]
      : [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, expression = ""]) => expression);
    return expressions.flatMap((expression) =>
      [...expression.replace(/"[^"]*"/g, "").matchAll(/[A-Za-z_][\w-]*(\.[\w-]+)+/g)].map(([reference]) => ({
        path,
        reference,
      })),
    );
  });
}

/** True when the file itself declares what a reference names. */
function resolves(stack: TerraformJson, reference: string): boolean {
  const [first = "", second = "", third = ""] = reference.split(".");
  switch (first) {
    case "data":
      return stack.data?.[second]?.[third] !== undefined;
    case "ephemeral":
      return stack.ephemeral?.[second]?.[third] !== undefined;
    case "local":
      return stack.locals?.[second] !== undefined;
    case "terraform":
      return second === "workspace";
    default:
      return stack.resource?.[first]?.[second] !== undefined;
  }
}

describe.each([...stacks])("%s", (_, stack) => {
  test("refers only to what its own file declares", () => {
    const found = references(stack);
    expect(found.length).toBeGreaterThan(5);
    expect(found.filter(({ reference }) => !resolves(stack, reference))).toEqual([]);
  });

  test("reads only outputs that the other stack has", () => {
    const inputs = texts(stack).flatMap(({ text }) => [
      ...text.matchAll(/terraform_remote_state\.cross-stack-reference-input-([\w-]+)\.outputs\.([\w-]+)/g),
    ]);
    for (const [, producer = "", output = ""] of inputs) {
      expect(Object.keys(stacks.get(producer)?.output ?? {})).toContain(output);
    }
  });
});

test("the check sees a reference that dangles", () => {
  const stack = {
    resource: { aws_vpc: { a: { name: "${aws_subnet.gone.id}", depends_on: ["aws_vpc.a"] } } },
  };
  expect(references(stack).filter(({ reference }) => !resolves(stack, reference))).toEqual([
    { path: "resource/aws_vpc/a/name", reference: "aws_subnet.gone.id" },
  ]);
});

test("eks and database do not wait for each other, and access waits for both", () => {
  const producers = (id: string) =>
    Object.keys(stacks.get(id)?.data?.terraform_remote_state ?? {}).map((name) =>
      name.replace("cross-stack-reference-input-", ""),
    );
  expect(producers("dev-network")).toEqual([]);
  expect(producers("dev-eks")).toEqual(["dev-network"]);
  expect(producers("dev-database")).toEqual(["dev-network"]);
  expect(producers("dev-access").sort()).toEqual(["dev-database", "dev-eks"]);
});
