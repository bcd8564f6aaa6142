import { quote } from "../../../lib/nearest";
import { VERIFY_KEY } from "../../postgresql/names";
import { architectureProblems, imageProblems } from "../image-rules";
import type { Problem } from "../problem";
import type { Rule } from "../rule";
import type { EnvironmentFile } from "../schema";
import { jobIdentity } from "./job-identity";
import { gapsOf } from "./schedule";
import { verifyJob } from "./scheduled-job";

/** A run takes seconds, and must be over before the next one. */
const SHORTEST_GAP_MINUTES = 15;

/** CloudWatch looks back a week at most, and an hour is for a run that is late. */
const LONGEST_GAP_DAYS = 6;

/** What keeps the job from running, or nobody from noticing that it does not. */
export const jobRules: readonly Rule[] = [
  { reads: ["verify"], check: partProblems },
  { reads: ["verify.schedule"], check: scheduleProblems },
  {
    reads: ["verify.image"],
    check: ({ verify: { image = "" } }) => imageProblems(["verify", "image"], image),
  },
  {
    reads: ["verify.architecture", "cluster"],
    check: (file) => architectureProblems(["verify", "architecture"], file.verify.architecture, file),
  },
  { reads: ["verify", "access.services", "access.people"], check: nameProblems },
];

function partProblems({ verify }: EnvironmentFile): Problem[] {
  const { schedule, image, namespace, architecture } = verify;
  const path = ["verify"];
  if (schedule === undefined) {
    return Object.entries({ image, namespace, architecture }).flatMap(([key, value]) =>
      value === undefined
        ? []
        : [
            {
              path: [...path, key],
              onKey: true,
              message: `${key} is the scheduled job's, and there is none; add schedule, or take ${key} out`,
            },
          ],
    );
  }
  const missing = Object.entries({ image, namespace }).flatMap(([key, value]) =>
    value === undefined ? [key] : [],
  );
  if (missing.length === 0) return [];
  const message = `the job needs an image and one of access.namespaces to run in; add ${missing.join(" and ")}`;
  return [{ path: [...path, "schedule"], onKey: true, message }];
}

function scheduleProblems({ verify: { schedule } }: EnvironmentFile): Problem[] {
  if (schedule === undefined) return [];
  const path = ["verify", "schedule"];
  const gaps = gapsOf(schedule);
  if (typeof gaps === "string") return [{ path, message: gaps }];
  if (gaps.shortest < SHORTEST_GAP_MINUTES) {
    const message = `two runs are ${gaps.shortest} min apart, and must be ${SHORTEST_GAP_MINUTES} min or more, so that one is over before the next`;
    return [{ path, message }];
  }
  if (gaps.longest <= LONGEST_GAP_DAYS * 24 * 60) return [];
  const days = Math.ceil(gaps.longest / 24 / 60);
  const message = `two runs are up to ${days} days apart, and CloudWatch, which looks back a week at most, could not tell that they have stopped; let it run at least every ${LONGEST_GAP_DAYS} days, such as 0 5 * * 1,4`;
  return [{ path, message }];
}

/** The job is an identity like any other, whose name is not for somebody else to have. */
function nameProblems(file: EnvironmentFile): Problem[] {
  if (!verifyJob(file) || jobIdentity(file) !== undefined) return [];
  return (["services", "people"] as const).flatMap((section) => {
    if (!Object.hasOwn(file.access[section], VERIFY_KEY)) return [];
    const message = `${quote(VERIFY_KEY)} is the identity of the job that verify.schedule asks for, and both would be the database user ${quote(VERIFY_KEY)}; rename this one`;
    return [{ path: ["access", section, VERIFY_KEY], onKey: true, message }];
  });
}
