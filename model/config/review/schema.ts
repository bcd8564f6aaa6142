import { z } from "zod";
import { DECISIONS, type Decision, FINDING_KINDS, type FindingKind, kindOf } from "./kinds";

/** Name of the file that holds {@link ReviewRules} beside the access plan. */
export const RULES_FILE = "review-rules.json";

/** What a file may say of a kind of finding: nothing of those that are always for approval. */
const decisions = Object.fromEntries(
  Object.keys(FINDING_KINDS)
    .filter(isFindingKind)
    .filter((kind) => !kindOf(kind).always)
    .map((kind) => [
      kind,
      z
        .enum(DECISIONS)
        .optional()
        .meta({
          description: `Of ${kindOf(kind).about}`,
          omitted: `\`${kindOf(kind).decision}\``,
          examples: ["approve"],
        }),
    ]),
);

/** How changes of this environment are reviewed: `review`. */
export const review = z
  .strictObject({
    findings: z
      .strictObject(decisions)
      .default({})
      .meta({
        description:
          "What becomes of each kind of finding: `allow` counts it, `notify` shows it, `approve` asks for approval",
        omitted: "each as its kind says",
        examples: [{ "identity-removed": "approve" }],
      }),
  })
  .prefault({})
  .meta({
    description: "How `npm run review` judges changes of this environment",
    omitted: "what a careful production wants",
    examples: [{ findings: { "identity-removed": "approve" } }],
  });

/** What a file says of reviews, with every default. */
export type ReviewRules = z.output<typeof review>;

/** What becomes of findings of a kind, by these rules. */
export function decisionOf(kind: FindingKind, rules: ReviewRules): Decision {
  const { always, decision } = kindOf(kind);
  const said: Readonly<Record<string, Decision | undefined>> = rules.findings;
  return always ? decision : (said[kind] ?? decision);
}

function isFindingKind(name: string): name is FindingKind {
  return Object.hasOwn(FINDING_KINDS, name);
}
