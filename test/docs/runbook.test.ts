import { expect, test } from "@jest/globals";
import { alarmRules } from "../../constructs/database/alarm-rules";
import { PROXY_ALARMS } from "../../constructs/database/proxy-alarm-rules";
import { stackOf, synthApp } from "../helpers/app";
import { testEnvironment } from "../helpers/environment";
import { anchors, page } from "./pages";
import { AWS_CLIENTS, CREDENTIAL_CAUSES } from "./runbook/credentials-causes";
import { DATABASE_CAUSES } from "./runbook/database-causes";
import { KUBECTL_CAUSES } from "./runbook/kubectl-causes";
import { differences, HEADINGS, ROWS, type Row, rowsOf, says, wrongForms } from "./runbook/page";
import { PROXY_CAUSES } from "./runbook/proxy-causes";
import { TERRAFORM_CAUSES } from "./runbook/terraform-causes";

const DRIVERS = ["all", "pg", "pgjdbc", "pgx", "psql", "psycopg"];
/** Headings whose texts tests cause, and who is tried below each. */
const TRIED = new Map<string, readonly string[]>();
for (const { heading } of [...DATABASE_CAUSES, ...PROXY_CAUSES]) TRIED.set(heading, DRIVERS);
for (const { heading } of CREDENTIAL_CAUSES) TRIED.set(heading, ["all", ...Object.values(AWS_CLIENTS)]);
for (const { heading } of TERRAFORM_CAUSES) TRIED.set(heading, ["Terraform"]);
for (const { heading } of KUBECTL_CAUSES) TRIED.set(heading, ["kubectl"]);

test("every text of the runbook is caused by a test, or says where it was read", () => {
  const untried = ROWS.filter(
    ({ heading, seenIn, source }) =>
      source === undefined && !seenIn.every((by) => TRIED.get(heading)?.includes(by)),
  );
  expect(untried).toEqual([]);
  expect(ROWS.filter(({ source }) => source !== undefined && !/^https:\/\//.test(source))).toEqual([]);
  expect([...TRIED.keys()].filter((heading) => !ROWS.some((row) => row.heading === heading))).toEqual([]);
});

test("a text comes once, so that whoever finds it is where they should be", () => {
  const places = ROWS.map(({ heading, seenIn, text, code = "" }) => `${seenIn} ${text} ${code} ${heading}`);
  expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
});

test("every alarm has a heading by the end of its name, and every heading of an alarm has one", () => {
  const text = page("docs/runbook.md").text;
  const headings = rest(text, "## Alarms").match(/^### `[^`]+`$/gm) ?? [];
  const rules = [
    ...alarmRules({ minAcu: 0.5, maxAcu: 4 }, 1).map(({ id }) => id),
    ...alarmRules({ instanceClass: "db.r8g.large" }, 1).map(({ id }) => id),
    ...PROXY_ALARMS.map(({ id }) => `proxy-${id}`),
  ];
  const alarms = new Set([...rules, ...synthesisedAlarms()]);
  expect(headings.map((each) => each.slice(5, -1)).sort()).toEqual([...alarms].sort());
});

test("a heading comes once: nothing leads to a number", () => {
  expect(HEADINGS.filter((heading, index) => HEADINGS.indexOf(heading) !== index)).toEqual([]);
  expect(anchors(page("docs/runbook.md")).filter((anchor) => /-\d$/.test(anchor))).toEqual([]);
});

test("the comparison finds a text that nobody says, one that the page has not, and a wrong code", () => {
  const [row] = rowsOf(
    "### `H`\n| Seen in | Text | Code |\n|---|---|---|\n| pg, pgx | ``a `…` b \\| c`` | 28000 |\n\n| pg | no |\n",
  );
  const expected: Row = { heading: "H", seenIn: ["pg", "pgx"], text: "a … b | c", code: "28000" };
  expect(row).toEqual(expected);
  const seen = (output: string, by = "pg") => ({ heading: "H", by, output });
  expect(differences([expected], [seen("x a `1`  b | c 28000")], [])).toEqual([]);
  expect(differences([expected], [seen("x a 1 b | c 28P01")], [])).toHaveLength(2);
  expect(differences([expected], [seen("x b | c, a 1 28000")], [])).toHaveLength(2);
  expect(differences([{ ...expected, heading: "I" }], [seen("a 1 b | c 28000")], [])).toHaveLength(2);
  expect(differences([expected], [seen("a 1 b | c 28000", "psql")], [])).toHaveLength(1);
  expect(differences([{ ...expected, seenIn: ["all"] }], [seen("a 1 b | c", "psql")], ["psql"])).toEqual([]);
  expect(differences([{ ...expected, seenIn: ["all"] }], [seen("a 1 b | c", "psql")], ["pgx"])).toHaveLength(
    1,
  );
  expect(says({ text: "a", code: "E1" }, seen("a", "psql"))).toBe(false);
});

test("the comparison finds a form that a driver has not, and one that the page has not", () => {
  const row: Row = { heading: "H", seenIn: ["all"], text: "no" };
  const seen = [{ heading: "H", by: "pg", output: "error: no" }];
  expect(wrongForms([row], new Map([["pg", ["error: …"]]]), seen)).toEqual([]);
  expect(wrongForms([row], new Map([["pg", ["error: …", "Error: …"]]]), seen)).toEqual(["Error: …"]);
  expect(wrongForms([row], new Map([["psql", ["error: …"]]]), seen)).toEqual(["pg: error: no"]);
});

/** What alarms of the examples are called, less the environment and the instance. */
function synthesisedAlarms(): string[] {
  const environment = testEnvironment("everywhere");
  const stacks = synthApp(environment);
  const names = [...stacks.keys()].flatMap((id) =>
    Object.values(stackOf(stacks, id).resource?.aws_cloudwatch_metric_alarm ?? {}).map((alarm) =>
      String(Object(alarm).alarm_name),
    ),
  );
  return names.map((name) => name.replace(/^everywhere-(database-)?(\d+-)?/, ""));
}

function rest(text: string, from: string): string {
  return text.slice(text.indexOf(from));
}
