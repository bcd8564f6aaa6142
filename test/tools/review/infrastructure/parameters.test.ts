import { expect, test } from "@jest/globals";
import { changed, changedBack, type Json, lines, resource } from "./stacks";

const NAME = "dev-database aurora/parameters/group (aws_rds_cluster_parameter_group)";

/** Gives a setting of PostgreSQL a value, or takes it away. */
const set = (name: string, value?: string) => (stack: Json) => {
  const group = resource(stack, "aws_rds_cluster_parameter_group", "aurora/parameters/group");
  const others = group.parameter.filter((each: Json) => each.name !== name);
  group.parameter = value === undefined ? others : [...others, { name, value, apply_method: "immediate" }];
};
const said = (name: string, value?: string) => lines(changed("dev-database", set(name, value)).findings);

test("a server that takes connections without TLS is weaker, however it is said", () => {
  expect(said("rds.force_ssl", "0")).toEqual([`encryption-weakened ${NAME}: rds.force_ssl 1 → 0`]);
  expect(said("rds.force_ssl")).toEqual([`encryption-weakened ${NAME}: rds.force_ssl 1 → (none)`]);
  expect(lines(changedBack("dev-database", set("rds.force_ssl", "0")).findings)).toEqual([
    `encryption-strengthened ${NAME}: rds.force_ssl 0 → 1`,
  ]);
});

test("passwords that anybody may set, logs that are no longer written, and libraries that are loaded ask", () => {
  expect(said("rds.restrict_password_commands", "0")).toEqual([
    `policy-widened ${NAME}: rds.restrict_password_commands 1 → 0`,
  ]);
  expect(said("log_connections", "0")).toEqual([`protection-off ${NAME}: log_connections 1 → 0`]);
  expect(said("shared_preload_libraries", "other")).toEqual([
    `policy-widened ${NAME}: shared_preload_libraries (none) → other`,
  ]);
});

test("other settings are told by their names, and another order of them is no other setting", () => {
  expect(said("work_mem", "64")).toEqual([`resource-changed ${NAME}: changes work_mem (none) → 64`]);
  const { findings } = changed("dev-database", (stack) =>
    resource(stack, "aws_rds_cluster_parameter_group", "aurora/parameters/group").parameter.reverse(),
  );
  expect(findings.map(({ kind }) => kind)).toEqual(["resource-changed"]);
});

test("two settings of one name are not read, and still told", () => {
  const { findings } = changed("dev-database", (stack) => {
    const group = resource(stack, "aws_rds_cluster_parameter_group", "aurora/parameters/group");
    group.parameter.push({ name: "rds.force_ssl", value: "0" });
  });
  expect(findings.map(({ kind }) => kind)).toEqual(["encryption-weakened"]);
});
