import { z } from "zod";
import { UserError } from "../../../lib/user-error";
import type { AccessPlan } from "../../../model/access/plan";

/** As much of a plan as tells it from anything else. */
const shape = z.looseObject({
  version: z.literal(1),
  environment: z.string().min(1),
  databases: z.array(z.looseObject({ name: z.string() })),
  identities: z.array(z.looseObject({ key: z.string() })),
});

/**
 * Reads an access plan as `npm run synth` writes it.
 * @throws UserError when the text is none, or of a version that this one does not know
 */
export function readPlan(text: string): AccessPlan {
  const advice = "deploy the verify stack again, with the image of the same version of this project";
  try {
    const plan: AccessPlan = JSON.parse(text);
    const { error } = shape.safeParse(plan);
    if (!error) return plan;
    const reasons = error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`);
    throw new UserError([
      `the access plan is of another version, or none (${reasons.join("; ")}); ${advice}`,
    ]);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError([`the access plan is not JSON; ${advice}`]);
  }
}
