import { describe, expect, test } from "@jest/globals";
import { loadEnvironments } from "../../model/config/load";
import { synthApp, texts } from "../helpers/app";
import { references, resolves } from "../helpers/references";

const stacks = synthApp(...loadEnvironments());

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

test("eks and database do not wait for each other, access waits for both, and a demo for access", () => {
  const producers = (id: string) =>
    Object.keys(stacks.get(id)?.data?.terraform_remote_state ?? {}).map((name) =>
      name.replace("cross-stack-reference-input-", ""),
    );
  expect(producers("dev-network")).toEqual([]);
  expect(producers("dev-eks")).toEqual(["dev-network"]);
  expect(producers("dev-database")).toEqual(["dev-network"]);
  expect(producers("dev-access").sort()).toEqual(["dev-database", "dev-eks"]);
  expect(producers("dev-demo").sort()).toEqual(["dev-access", "dev-eks"]);
});
