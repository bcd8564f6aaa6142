import { UserError } from "../../lib/user-error";
import type { AccessPlan } from "../../model/access/plan";
import { remains, remainsAfterUndo } from "./remains";
import { type Circumstances, letInSteps, lockOutSteps, type Means, problemOf, type Step } from "./steps";
import { named, targetOf } from "./target";

export type { Circumstances, Means } from "./steps";

/** Whom to lock out, or to let in again. */
export interface LockOutOptions extends Circumstances {
  /** Key of the identity, or a member's database user. */
  readonly name: string;
  /** Let in again instead. @default false */
  readonly undo?: boolean;
}

/** What would be done, and how it is done. */
export interface LockOut {
  /** All steps with their commands, and what remains, for people. */
  readonly text: string;
  /**
   * Does one step after the other. It may be interrupted and run again.
   * @param log what came of each, a line at a time
   * @returns whether all of them worked
   */
  run(means: Means, log: (line: string) => void): Promise<boolean>;
}

/**
 * Ends an identity, or one member of a group, at once: in IAM, in PostgreSQL, and in the sessions that are open.
 * @throws UserError when the plan has no such identity
 */
export function lockOut(plan: AccessPlan, options: LockOutOptions): LockOut {
  const target = targetOf(plan, options.name);
  const steps = options.undo ? letInSteps(target) : lockOutSteps(target, options);
  const after = options.undo ? remainsAfterUndo(target) : remains(target, options);
  const head = `${options.undo ? "To let" : "To lock out"} ${named(target)}${options.undo ? " in again" : ""}, of ${plan.environment}:`;
  return {
    text: [head, ...steps.flatMap(inWords), "", "What remains:", ...after.map((line) => `- ${line}`)].join(
      "\n",
    ),
    run: async (means, log) => {
      const failed: number[] = [];
      for (const [index, step] of steps.entries()) {
        log(`${index + 1}. ${step.title}`);
        try {
          await step.run(means, (line) => log(`   ${line}`));
        } catch (error) {
          failed.push(index + 1);
          for (const line of error instanceof UserError ? error.messages : [problemOf(error)])
            log(`   failed: ${line}`);
        }
      }
      log("");
      if (failed.length > 0) {
        log(
          `Not all is done: ${numbers(failed)} failed. Every step may be done twice: put right what it says, and run this again.`,
        );
      } else log(`${named(target)} is ${options.undo ? "let in again" : "locked out"}.`);
      log("");
      log("What remains:");
      for (const line of after) log(`- ${line}`);
      return failed.length === 0;
    },
  };
}

function inWords({ title, commands }: Step, index: number): string[] {
  return ["", `${index + 1}. ${title}`, ...commands.map((command) => `   ${command}`)];
}

function numbers(steps: readonly number[]): string {
  return steps.length === 1 ? `step ${steps[0]}` : `steps ${steps.join(", ")}`;
}
