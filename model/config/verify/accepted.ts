import { z } from "zod";
import { reasonWhy, until } from "../fields";
import { DRIFT_KINDS, DRIFT_TOPICS } from "./drift";

/** Names as PostgreSQL has them, ten in one subject, routines with their arguments. */
const MOST_CHARACTERS = 4000;

const words = z.string().min(1).max(MOST_CHARACTERS, `must be at most ${MOST_CHARACTERS} characters`);

const acceptedFinding = z
  .strictObject({
    kind: z.enum(DRIFT_KINDS).meta({ description: "`kind` of the finding", examples: ["extra"] }),
    topic: z
      .enum(
        DRIFT_TOPICS.filter((topic) => topic !== "session"),
        {
          error: ({ input }) =>
            input === "session"
              ? "must be another topic: sessions come and go, so one is ended and not accepted"
              : undefined,
        },
      )
      .meta({ description: "`topic` of the finding", examples: ["grant"] }),
    subject: words.meta({ description: "`subject` of the finding", examples: ["database shop"] }),
    detail: words.meta({ description: "`detail` of the finding", examples: ["PUBLIC has TEMPORARY"] }),
    owner: z
      .string()
      .regex(/^\S.{0,99}$/, "must say whose it is, in a line of at most 100 characters")
      .meta({ description: "Who sees to it", examples: ["orders team"] }),
    reason: reasonWhy.meta({
      description: "Why it may be",
      examples: ["the old report makes temporary tables until it is replaced, OPS-1234"],
    }),
    until: until.meta({
      description:
        "Until when: the last day, in UTC, or an instant with its zone. From then on the finding counts again",
      examples: ["2026-12-31", "2026-12-31T18:00:00+01:00"],
    }),
  })
  .meta({
    title: "accepted finding",
    description:
      "One finding, in the words of `npm run verify -- <environment> --json`; one that differs in any of them counts",
  });

/** Findings that are known and do not count: `verify.accepted`. */
export const accepted = z
  .array(acceptedFinding)
  .default([])
  .meta({
    description:
      "Findings of `npm run verify` that are known and do not count until a day, each with who sees to it and why",
    omitted: "none",
    examples: [
      [
        {
          kind: "extra",
          topic: "grant",
          subject: "database shop",
          detail: "PUBLIC has TEMPORARY",
          owner: "orders team",
          reason: "the old report makes temporary tables until it is replaced, OPS-1234",
          until: "2026-12-31",
        },
      ],
    ],
  });
