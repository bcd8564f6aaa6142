import { expect, test } from "@jest/globals";
import { sharedNames } from "../../model/config/shared-names";
import { synthApp } from "../helpers/app";
import { testEnvironments } from "../helpers/environment";

/** Attributes that hold a resource's name. */
const NAMES = ["name", "identifier", "cluster_identifier"];

/** Resources whose names are given once in something that no other environment has a part in. */
const OF_THEIR_OWN = [
  // In a VPC; and environments that share one have names of their own, since none has another's as its beginning and a part of it.
  "aws_security_group",
  // In their role.
  "aws_iam_role_policy",
  // Called like the role or log group that is there with it.
  "aws_iam_instance_profile",
  "aws_ssm_document",
  // Below the environment's name, which no other of the account has.
  "aws_ssm_parameter",
  // In the EKS cluster's namespace, which is not shared.
  "kubernetes_",
];

test("every name that another environment could take is known before anything is deployed", () => {
  const environments = testEnvironments();
  const known = new Set(environments.flatMap(sharedNames).map(({ name }) => name));
  const prefixes = environments.map(({ name }) => new RegExp(`(^|/)${name}(-|/|$)`));
  const taken = [...synthApp(...environments).values()].flatMap(({ resource = {} }) =>
    Object.entries(resource).flatMap(([type, resources]) =>
      Object.values(resources).flatMap((attributes) =>
        NAMES.flatMap((attribute) => {
          const name: unknown = Object.getOwnPropertyDescriptor(attributes, attribute)?.value;
          const ours =
            typeof name === "string" &&
            (type === "postgresql_role" || prefixes.some((each) => each.test(name)));
          return ours && !OF_THEIR_OWN.some((each) => type.startsWith(each)) ? [`${type} ${name}`] : [];
        }),
      ),
    ),
  );
  expect(taken.length).toBeGreaterThan(80);
  expect(taken.filter((each) => !known.has(each.replace(/^\S+ /, "")))).toEqual([]);
});
