import type { AccessPlan } from "../../model/access/plan";
import type { LiveServer } from "./live-server";
import { moveScript } from "./move-sql";

/** A script to be run by psql. */
export interface MoveFile {
  /** Such as `shop.move.sql`. */
  readonly name: string;
  readonly text: string;
  /** What it does, in words and numbers: its head, without the marks of comments. */
  readonly says: string;
  /** How every such script begins, also those of an earlier time. */
  readonly ours: RegExp;
}

/** How each begins, whatever it is for. */
const OURS = /^-- (Makes the database|Ends what the former logins may do in the database) /;

/** The scripts that make every adopted database of a plan what the plan says, in the order to run them in. */
export function moveFiles(plan: AccessPlan, live: LiveServer): MoveFile[] {
  const adopted = plan.databases.filter((database) => database.adopted !== undefined);
  return (["move", "finish"] as const).flatMap((phase) =>
    adopted.map(({ name }) => {
      const text = moveScript(plan, live, name, phase);
      const [head = ""] = text.split("\n\\set ", 1);
      return { name: `${name}.${phase}.sql`, text, says: head.replace(/^-- ?/gm, ""), ours: OURS };
    }),
  );
}

/** Databases of a plan that are there, and of which it does not say that they were: as `access.adopted` would. */
export function notYetAdopted(plan: AccessPlan, live: LiveServer): string[] {
  const there = new Set(live.databases.map(({ name }) => name));
  return plan.databases.filter(({ name, adopted }) => there.has(name) && !adopted).map(({ name }) => name);
}
