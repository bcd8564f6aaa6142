import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { isOutsideEks, loginsOf } from "../../model/access/identity";
import { accessPlan } from "../../model/access/plan";
import type { PolicyStatement } from "../../model/aws/policy-document";
import type { Environment } from "../../model/config/environment";
import { comparePlanAndStacks } from "../../tools/review/consistency/plan-and-stack";
import { stackOf, synthApp } from "../helpers/app";
import { type Block, resources, type TerraformJson } from "../helpers/construct";
import { generatedEnvironments } from "../postgres/generated-plans";
import { readEnvironment } from "../tools/review/consistency/sides";

/** Says a promise of whatever environment is accepted: services of every kind, taken and led by whichever way. */
const holds = (promise: (environment: Environment) => void) =>
  fc.assert(fc.property(generatedEnvironments(), promise), { numRuns: 40 });

const statements = (policy: Block): PolicyStatement[] => JSON.parse(String(policy.policy)).Statement;

/** `<what>/<database user>` of everything that a policy lets connect. */
const connects = (policies: readonly Block[]): string[] =>
  policies
    .flatMap(statements)
    .filter(({ Action }) => [Action].flat().includes("rds-db:connect"))
    .flatMap(({ Resource }) => [Resource ?? ""].flat())
    .map((arn) => arn.replace(/^.*:dbuser:/, ""));

/** The inline policies of a role by the address that its role is referred to with, or its name. */
const policiesOf = (stack: TerraformJson, role: RegExp) =>
  Object.values(resources(stack, "aws_iam_role_policy")).filter(({ role: of }) => role.test(String(of)));

test("what is synthesised says what the plan says", () => {
  holds((environment) => expect(comparePlanAndStacks(undefined, readEnvironment(environment))).toEqual([]));
}, 300_000);

test("each identity may connect as its one user, to where it is led, and the proxy as exactly those who come by it", () => {
  holds((environment) => {
    const { identities } = accessPlan(environment);
    const { proxy, readers } = environment.database;
    // The readers have an id in common with the writer, whatever host leads to them.
    const readersPastIt = proxy && !proxy.readerEndpoint && (readers ?? 0) > 0;
    const stacks = synthApp(environment);
    const access = stackOf(stacks, "test-access");
    for (const identity of identities) {
      const through = identity.through === "proxy";
      const ids = [
        ...(through ? ["proxy-resource-id"] : []),
        ...(through && !readersPastIt ? [] : ["database-resource-id"]),
      ];
      const own = policiesOf(
        access,
        new RegExp(`^${identity.iamRole}$|\\.service-${identity.key}_(role_)?[0-9A-F]{8}\\.`),
      );
      expect(connects(own)).toEqual(
        ids.flatMap((id) => loginsOf(identity).map((login) => `\${local.${id}}/${login.databaseUser}`)),
      );
    }
    const through = identities.filter((identity) => identity.through === "proxy");
    const proxied = connects([
      ...policiesOf(access, /-database-proxy/),
      ...policiesOf(stackOf(stacks, "test-database"), /proxy/),
    ]);
    expect(proxied.map((user) => user.replace(/^.*\//, "")).sort()).toEqual(
      proxy
        ? through
            .flatMap(loginsOf)
            .map(({ databaseUser }) => databaseUser)
            .sort()
        : [],
    );
  });
}, 300_000);

test("no two are called the same: roles, profiles, parameters, and what AWS tells apart by name", () => {
  holds((environment) => {
    const access = stackOf(synthApp(environment), "test-access");
    for (const type of ["aws_iam_role", "aws_iam_instance_profile", "aws_ssm_parameter", "postgresql_role"]) {
      const names = Object.values(resources(access, type)).map(({ name }) => name);
      expect([type, ...new Set(names)]).toEqual([type, ...names]);
    }
    const outside = accessPlan(environment).identities.filter(isOutsideEks);
    const prefixes = new Set(
      Object.values(resources(access, "aws_ssm_parameter")).map(({ name }) => String(name).split("/")[3]),
    );
    expect([...prefixes].filter((key) => !key?.includes(".")).sort()).toEqual(
      outside.map(({ key }) => key).sort(),
    );
  });
}, 300_000);
