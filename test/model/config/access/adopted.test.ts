import { expect, test } from "@jest/globals";
import { accessPlan } from "../../../../model/access/plan";
import { parse, problemsOf } from "../../../helpers/environment";
import { withAccess } from "../mistakes";

const file = (adopted: string, more = "") =>
  withAccess(
    `access:\n  databases: { shop: [app, public], log: [events] }\n${more}  adopted: { ${adopted} }\n`,
  );

test.each<[string, string, string, string]>([
  [
    "a database that is not declared",
    "shopp: {}",
    '6:14: "shopp" is not declared under access.databases. Did you mean "shop"?',
    "",
  ],
  [
    "a place for what is in public that is not there",
    "shop: { public: ap }",
    'shop has no schema "ap". Did you mean "app"?',
    "",
  ],
  ["public itself as that place", "shop: { public: public }", "leave the key out if it is to stay", ""],
  ["another key", "shop: { from: app }", 'unknown key "from"', ""],
  [
    "a database whose schema gets another name at once",
    "log: {}",
    '"log" is under access.renamed too: one after the other',
    "  renamed: { log.entries: log.events }\n",
  ],
])("%s is refused", (_, adopted, problem, more) => {
  expect(problemsOf(file(adopted, more)).join("\n")).toContain(problem);
});

test("the plan of a database says that it was there, and where what is in public moves to; of others it says nothing", () => {
  const adopted = (text: string) =>
    accessPlan(parse(text)).databases.map((each) => [each.name, each.adopted]);
  expect(adopted(file("shop: { public: app }"))).toEqual([
    ["log", undefined],
    ["shop", { publicTo: "app" }],
  ]);
  expect(adopted(file("log: {}"))).toEqual([
    ["log", {}],
    ["shop", undefined],
  ]);
});
