import { describe, expect, test } from "@jest/globals";
import { servicesOutsideEks } from "../../model/config/access/place";
import { stackOf, synthApp } from "../helpers/app";
import { testEnvironments } from "../helpers/environment";
import { references, resolves } from "../helpers/references";
import { referencePromises } from "./reference-promises";
import { containers, securityPromises, statements } from "./security-promises";

const environments = testEnvironments().map((environment) => ({
  ...environment,
  stacks: synthApp(environment),
}));

describe.each(environments)("$name:", ({ name, stacks, ...environment }) => {
  referencePromises(stacks);
  securityPromises({ name, ...environment }, stacks);

  test("there is something to check", () => {
    for (const [id, stack] of stacks) {
      expect([id, references(stack).length > 5]).toEqual([id, true]);
      // The first is governed by managed policies, the others by none.
      if (!/-(eks|demo|verify)$/.test(id)) expect([id, statements(stack).length > 0]).toEqual([id, true]);
      // The migration and the web pods.
      if (id.endsWith("-demo")) expect(containers(stack)).toHaveLength(2);
      if (id.endsWith("-verify")) expect(containers(stack)).toHaveLength(1);
    }
  });

  test("eks and database do not wait for each other, access waits for both, and a demo and the job that verifies for access", () => {
    const producers = (id: string) =>
      Object.keys(stackOf(stacks, id).data?.terraform_remote_state ?? {})
        .map((each) => each.replace("cross-stack-reference-input-", ""))
        .sort();
    // The VPC's id is for the security group of those outside of EKS.
    const vpc = servicesOutsideEks(environment.access.services).length > 0 ? ["network"] : [];
    const layers = {
      network: [],
      eks: ["network"],
      database: ["network"],
      access: ["database", "eks", ...vpc],
    };
    const all = {
      ...layers,
      ...(environment.demo && { demo: ["access", "eks"] }),
      ...(environment.verify.schedule && { verify: ["access", "eks"] }),
    };
    for (const [layer, before] of Object.entries(all)) {
      expect([layer, producers(`${name}-${layer}`)]).toEqual([
        layer,
        before.map((each) => `${name}-${each}`),
      ]);
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
