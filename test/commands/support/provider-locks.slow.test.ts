import { expect, test } from "@jest/globals";
import { requiredProviders } from "../../../commands/support/provider-locks";
import { MINIMAL, parse } from "../../helpers/environment";

const named = (name: string, rest: string) =>
  parse(MINIMAL.replace("name: test", `name: ${name}`) + rest, `${name}.yaml`);

test("one lock for environments with a proxy and without is of a version that both take, whatever their order", () => {
  const without = "network: { cidr: 10.99.0.0/16 }\n";
  for (const names of [
    ["a", "b"],
    ["b", "a"],
  ] as const) {
    const [first, second] = names;
    const { aws } = requiredProviders([named(first, "database: { proxy: {} }\n"), named(second, without)]);
    expect(aws?.version.split(", ").sort()).toEqual(["< 7.0.0", "< 7.0.0", ">= 5.100.0", ">= 6.15.0"]);
  }
});

test("environments alike ask for what each asks for", () => {
  const { aws, kubernetes } = requiredProviders([named("a", "")]);
  expect([aws?.version, kubernetes?.version]).toEqual([">= 5.100.0, < 7.0.0", ">= 2.38.0, < 3.0.0"]);
});
