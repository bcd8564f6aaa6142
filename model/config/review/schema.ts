import { z } from "zod";
import { reasonWhy } from "../fields";
import { DECISIONS, type Decision, FINDING_KINDS, type FindingKind, kindOf } from "./kinds";
import { RULE_NAMES, STANDING_RULES } from "./standing-rules";

/** What a file may say of a kind of finding: of those that are always for approval, nothing else. */
const decisions = Object.fromEntries(
  Object.keys(FINDING_KINDS)
    .filter(isFindingKind)
    .map((kind) => {
      const { about, always, decision } = kindOf(kind);
      const choices = always
        ? z.enum([decision], `must be ${decision}, whatever the file`)
        : z.enum(DECISIONS);
      return [kind, choices.default(decision).meta({ description: `Of ${about}`, examples: ["approve"] })];
    }),
);

/** What each rule does not hold for. That it names something the rule is about is checked with the rest of the file. */
const exceptions = Object.fromEntries(
  RULE_NAMES.map((name) => {
    const title = STANDING_RULES[name].subject;
    const excused = z
      .string()
      .regex(/^[\w.$-]+$/, "must be a name under access")
      .meta({ title, description: `The ${title} that it need not hold for`, doNotSuggest: true });
    const why = reasonWhy.meta({
      description: "Why the rule need not hold",
      examples: ["they take orders back by hand"],
    });
    const description = `What \`rules.${name}\` does not hold for, each with why`;
    return [name, z.record(excused, why).default({}).meta({ description, omitted: "none" })];
  }),
);

/** What a side is judged by; what else the file says of reviews loosens nothing. */
export const judging = {
  findings: z
    .strictObject(decisions)
    .prefault({})
    .meta({
      description:
        "What becomes of each kind of finding: `allow` counts it, `notify` shows it, `approve` asks for approval",
      omitted: "those of its keys",
      examples: [{ "identity-removed": "approve" }],
    }),
  rules: z
    .strictObject({
      peopleAtMost: STANDING_RULES.peopleAtMost.schema,
      owners: STANDING_RULES.owners.schema,
      accounts: STANDING_RULES.accounts.schema,
      namespaces: STANDING_RULES.namespaces.schema,
      writersPerSchema: STANDING_RULES.writersPerSchema.schema,
    })
    .prefault({})
    .meta({
      description:
        "What must hold of access as a whole. What newly breaks a rule asks for approval, whatever findings say; what broke it before is shown. `any` switches a rule off",
      omitted: "those of its keys",
      examples: [{ peopleAtMost: "read-write", writersPerSchema: 3 }],
    }),
  exceptions: z
    .strictObject(exceptions)
    .prefault({})
    .meta({
      description:
        "What a rule does not hold for, by the rule's name, each with why. One that the rule does not need is an error",
      omitted: "none",
      examples: [{ peopleAtMost: { "on-call": "they take orders back by hand" } }],
    }),
};

/** Folders below one another: nothing hidden, such as .git or .github, no way up, and a name on every file system. */
const FOLDER_BELOW = /^(?!.*\.(\/|$))[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/;

/** How changes of this environment are reviewed: `review`. */
export const review = z
  .strictObject({
    folder: z
      .string()
      .max(100, "must be at most 100 characters")
      .regex(
        FOLDER_BELOW,
        "must be a folder below that of this file, such as review: names of letters, digits and . _ - with / between them, none that is hidden",
      )
      .optional()
      .meta({
        description:
          "Folder below that of this file. `npm run synth` and `npm run review` write access.md, access-plan.json and the SQL there, into a folder of the environment's name, to be committed: a pull request then shows what changes in them",
        omitted: "nowhere but cdktf.out",
        examples: ["review"],
      }),
    ...judging,
  })
  .prefault({})
  .meta({
    description: "How `npm run review` judges changes of this environment",
    omitted: "what a careful production wants",
    examples: [
      {
        findings: { "identity-removed": "approve" },
        exceptions: { peopleAtMost: { "on-call": "they take orders back by hand" } },
      },
    ],
  });

const rulesSchema = z.strictObject(judging);

/** What a file says that a review judges by, with every default. */
export type ReviewRules = z.output<typeof rulesSchema>;

/** What a side is judged by that says nothing of it. */
export const DEFAULT_RULES: ReviewRules = rulesSchema.parse({});

/** What becomes of findings of a kind, by these rules. */
export function decisionOf(kind: FindingKind, { findings }: ReviewRules): Decision {
  const { always, decision } = kindOf(kind);
  return always ? decision : (findings[kind] ?? decision);
}

/** Whether there is such a kind. */
export function isFindingKind(name: string): name is FindingKind {
  return Object.hasOwn(FINDING_KINDS, name);
}
