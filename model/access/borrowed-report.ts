import { markdownCode as code } from "../../lib/markdown";
import { markdownTable } from "../../lib/table";
import { LEVEL_NAMES, type Level } from "../postgresql/levels";
import { schemaTarget } from "../postgresql/names";
import { type BorrowedRight, borrowedRights } from "./borrowed-rights";
import type { AccessPlan } from "./plan";
import { named, type ReportSection } from "./report-section";

/** What authors of a schema's code gain by those who use it: a row for each schema with such code. */
export function borrowedSection(plan: AccessPlan): ReportSection {
  const heading = "Whose code runs as whom";
  const rights = new Map<string, BorrowedRight[]>();
  for (const right of borrowedRights(plan)) {
    rights.set(right.codeOf, [...(rights.get(right.codeOf) ?? []), right]);
  }
  if (rights.size === 0) {
    return { heading, full: "Nobody who may change a schema gains anything by those who use it." };
  }
  const intro =
    "Views, triggers, policies, defaults and functions run with the rights of whoever uses them, which nothing can forbid. Whom that is too much for needs an identity for each schema.";
  const table = (gains: (rights: readonly BorrowedRight[]) => string[]) =>
    markdownTable({
      header: ["code of", "is written by", "so its authors also have"],
      rows: [...rights].map(([codeOf, each]) => [
        code(codeOf),
        (each[0]?.authors ?? []).join("<br>"),
        gains(each).join("<br>"),
      ]),
    });
  return {
    heading,
    full: `${intro} Of many it is said how many: who they are is above.\n\n${table(gainsByWhom)}`,
    short: () =>
      `${intro} By whom they gain it follows from the grants in \`access-plan.json\`, beside this file.\n\n${table(gainsAlone)}`,
  };
}

/** What is gained by the same identities is said together; the most comes first. */
function gainsByWhom(rights: readonly BorrowedRight[]): string[] {
  const lines = new Map<string, { right: BorrowedRight; schemas: string[] }>();
  for (const right of [...rights].sort((left, right) => rankOf(right) - rankOf(left))) {
    const at = JSON.stringify([right.level, right.through]);
    const line = lines.get(at);
    if (line) line.schemas.push(right.schema);
    else lines.set(at, { right, schemas: [right.schema] });
  }
  return [...lines.values()].map(
    ({ right: { level, through }, schemas }) =>
      `${level} on ${schemaNames(schemas)}, as ${named(through).join(", ")}`,
  );
}

/** The highest level on each schema. */
function gainsAlone(rights: readonly BorrowedRight[]): string[] {
  const highest = new Map<string, Level>();
  for (const { schema, level } of [...rights].sort((left, right) => rankOf(left) - rankOf(right)))
    highest.set(schema, level);
  return LEVEL_NAMES.toReversed().flatMap((level) => {
    const schemas = [...highest].filter(([, each]) => each === level).map(([schema]) => schema);
    return schemas.length === 0 ? [] : [`${level} on ${schemaNames(schemas.sort())}`];
  });
}

function rankOf({ level }: BorrowedRight): number {
  return LEVEL_NAMES.indexOf(level);
}

/** Without their database: it is that of the code. */
function schemaNames(targets: readonly string[]): string {
  return targets.map((target) => code(schemaTarget(target).schema)).join(", ");
}
