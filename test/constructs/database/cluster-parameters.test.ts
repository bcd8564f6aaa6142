import { describe, expect, test } from "@jest/globals";
import {
  type ClusterParameter,
  ClusterParameters,
  clusterParameters,
} from "../../../constructs/database/cluster-parameters";
import { only, synthConstruct } from "../../helpers/construct";

const MAJOR_VERSIONS = [15, 16, 17, 18];
const parameter = (majorVersion: number, name: string): ClusterParameter | undefined =>
  clusterParameters(majorVersion).find((candidate) => candidate.name === name);

describe("the cluster's parameters", () => {
  test.each(MAJOR_VERSIONS)("refuse connections without TLS in %i", (version) => {
    // pending-reboot: from 17 on anything else is a change in every plan.
    expect(parameter(version, "rds.force_ssl")).toMatchObject({
      value: "1",
      applyMethod: "pending-reboot",
    });
  });

  test.each(MAJOR_VERSIONS)("let no login of %i give itself a password", (version) => {
    expect(parameter(version, "rds.restrict_password_commands")?.value).toBe("1");
  });

  test.each([
    [15, "1"],
    [16, "1"],
    [17, "1"],
    [18, "all"],
  ])("log connections in %i with a value that version accepts", (version, value) => {
    expect(parameter(version, "log_connections")?.value).toBe(value);
  });

  test.each(MAJOR_VERSIONS)("end sessions of %i that leave a transaction open", (version) => {
    expect(parameter(version, "idle_in_transaction_session_timeout")).toMatchObject({
      value: "300000",
      applyMethod: "immediate",
    });
  });

  test.each(MAJOR_VERSIONS)("keep the values bound to statements out of the logs of %i", (version) => {
    expect(parameter(version, "log_parameter_max_length")?.value).toBe("0");
  });

  test.each(MAJOR_VERSIONS)("name each parameter of %i once", (version) => {
    const names = clusterParameters(version).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("the parameter group", () => {
  const group = (majorVersion: number) =>
    only(
      synthConstruct((stack) => {
        new ClusterParameters(stack, "parameters", { environmentName: "dev", majorVersion });
      }),
      "aws_rds_cluster_parameter_group",
    );

  test("of the next major version exists before the old one goes", () => {
    expect(group(17)).toMatchObject({
      name: "dev-aurora-postgresql17",
      family: "aurora-postgresql17",
      lifecycle: { create_before_destroy: true },
    });
    expect(group(18).name).not.toBe(group(17).name);
  });

  test("holds the parameters as AWS reads them", () => {
    expect(group(17).parameter).toContainEqual({
      name: "rds.force_ssl",
      value: "1",
      apply_method: "pending-reboot",
    });
    expect(group(17).parameter).toHaveLength(clusterParameters(17).length);
  });
});

describe("the allow-list of extensions", () => {
  const parameters = (allowedExtensions?: readonly string[]) =>
    only(
      synthConstruct((stack) => {
        new ClusterParameters(stack, "parameters", {
          environmentName: "dev",
          majorVersion: 17,
          ...(allowedExtensions && { allowedExtensions }),
        });
      }),
      "aws_rds_cluster_parameter_group",
    ).parameter;

  test("is what the file names, at once and without a restart", () => {
    expect(parameters(["cube", "vector"])).toEqual([
      ...[parameters()].flat(),
      { name: "rds.allowed_extensions", value: "cube,vector", apply_method: "immediate" },
    ]);
  });

  test("is left to AWS where no database has extensions", () => {
    expect(JSON.stringify(parameters())).not.toContain("rds.allowed_extensions");
    expect(parameters([])).toEqual(parameters());
  });
});
