import { describe, expect, test } from "@jest/globals";
import { accessPlan } from "../../model/access/plan";
import { accessReport } from "../../model/access/report";
import { databaseScript } from "../../model/access/sql";
import { loadEnvironments } from "../../model/config/load";

describe.each(loadEnvironments())("$name:", (environment) => {
  const plan = accessPlan(environment);

  test("access.md is what the last review saw", () => {
    expect(accessReport(plan)).toMatchSnapshot();
  });

  test.each(plan.databases)("the SQL of $name is what the last review saw", ({ name }) => {
    expect(databaseScript(plan, name)).toMatchSnapshot();
  });
});
