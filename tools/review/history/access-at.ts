import { textTable } from "../../../lib/table";
import { terminalJson, terminalText } from "../../../lib/terminal-text";
import { UserError } from "../../../lib/user-error";
import type { IdentityPlan } from "../../../model/access/identity";
import type { AccessPlan } from "../../../model/access/plan";
import { accessReport } from "../../../model/access/report";
import { planProblem } from "../access/plan-shape";
import { whoMayBecome } from "../access/trust";
import { htmlAccess } from "../html/html-report";
import type { Side } from "../sides/side";

/** Who has what in a side, in every form, by its name on the command line. */
export const ACCESS_REPORTS = {
  text: {
    file: "access.txt",
    render: (side: Side) =>
      plansOf(side)
        .map((plan) => accessTable(plan, side.name))
        .join("\n\n"),
  },
  markdown: {
    file: "access.md",
    render: (side: Side) =>
      plansOf(side)
        .map((plan) => accessReport(plan))
        .join("\n")
        .trimEnd(),
  },
  html: {
    file: "access.html",
    render: (side: Side) => htmlAccess(side.name, plansOf(side)),
  },
  json: {
    file: "access.json",
    render: (side: Side) => {
      const plans = plansOf(side).map((plan) => [plan.environment, plan]);
      return terminalJson({ version: 1, at: side.name, environments: Object.fromEntries(plans) });
    },
  },
} as const;

/** A row for each schema of each identity, and of each member of one, to be searched: an environment may have forty schemas. */
function accessTable(plan: AccessPlan, at: string): string {
  const rows = plan.identities.flatMap((identity) =>
    identity.grants.flatMap(({ database, schema, level }) =>
      everybodyIn(identity, plan).map((who) => [`${database}.${schema}`, identity.key, level, who]),
    ),
  );
  const byPlace = rows.sort(([left = ""], [right = ""]) => (left < right ? -1 : left > right ? 1 : 0));
  const table = textTable({ header: ["schema", "identity", "level", "who may become it"], rows: byPlace });
  const title = `${plan.environment} at ${at}: account ${plan.account}, ${plan.region}`;
  return `${terminalText(title)}\n${table}`;
}

/** Who may become an identity, each member by themselves: nobody is one of `and 2 more`. */
function everybodyIn(identity: IdentityPlan, plan: AccessPlan): string[] {
  if (!("members" in identity)) return [whoMayBecome(identity, plan)];
  return identity.members.map(
    (member) => `${whoMayBecome({ ...identity, members: [member] }, plan)}, as ${member.databaseUser}`,
  );
}

/** @throws UserError with whatever of the side cannot be read: an auditor is told nothing that is not the whole */
function plansOf({ name, environments, problem }: Side): AccessPlan[] {
  if (problem !== undefined) throw new UserError([`${name} cannot be read: ${problem}`]);
  const read = [...environments].map(([environment, side]): AccessPlan | string => {
    if ("problem" in side) return `${environment} at ${name} cannot be read: ${side.problem}`;
    const unreadable = planProblem(side.plan);
    return unreadable === undefined ? side.plan : `${environment} at ${name} cannot be read: ${unreadable}`;
  });
  const problems = read.filter((each) => typeof each === "string");
  if (problems.length > 0) throw new UserError(problems);
  if (read.length === 0) throw new UserError([`${name} has no environment.`]);
  return read.filter((each) => typeof each !== "string");
}
