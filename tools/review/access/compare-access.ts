import { isDeepStrictEqual } from "node:util";
import type { AccessPlan } from "../../../model/access/plan";
import type { Finding } from "../finding";

/**
 * What a change does to access, in words.
 * @param before undefined for an environment that was not there
 */
export function compareAccess(before: AccessPlan | undefined, after: AccessPlan): Finding[] {
  if (isDeepStrictEqual(before, after)) return [];
  return [
    {
      kind: "unexplained",
      subject: after.environment,
      text: `${after.environment}: the access plan is another`,
      content: after,
    },
  ];
}
