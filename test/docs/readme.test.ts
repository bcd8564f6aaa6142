import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { parse as parseYaml } from "yaml";
import { UserError } from "../../lib/user-error";
import { parse } from "../helpers/environment";
import { ROOT } from "../helpers/run";
import { readmeBlock as block } from "./readme-block";

test("the README's environment file is complete: copied, it loads", () => {
  const { name, access } = parse(block("yaml-language-server"));
  expect([name, Object.keys(access.services)]).toEqual(["dev", ["orders-api", "orders-migrations"]]);
});

test("the five lines that the README starts with are those of a service in dev", () => {
  const lines = block("orders-api:\n  namespace: shop\n  grants:\n").trimEnd();
  expect(lines.split("\n")).toHaveLength(5);
  const { services } = parseYaml(readFileSync(join(ROOT, "test/environments/dev.yaml"), "utf8")).access;
  expect(parseYaml(lines)).toEqual({ "orders-api": services["orders-api"] });
});

test("the mistakes that the README shows are what the loader says of such a file", () => {
  const text = readFileSync(join(ROOT, "test/docs/mistakes.yaml"), "utf8");
  const said = () => {
    try {
      parse(text, "dev.yaml");
      return [];
    } catch (error) {
      if (error instanceof UserError) return error.messages;
      throw error;
    }
  };
  const shown = block("Did you mean").trimEnd().split("\n");
  expect(said()).toEqual(shown.map((line) => line.replace(/^environments\//, "")));
});
