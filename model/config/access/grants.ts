import { z } from "zod";
import { LEVEL_NAMES, LEVELS } from "../../postgresql/levels";
import { notEmpty } from "../fields";

const level = z.enum(LEVEL_NAMES).meta({
  description: "What it may do in this schema",
  enumDescriptions: LEVEL_NAMES.map((name) => LEVELS[name].description),
  examples: ["read-write"],
});

/** What an identity may do: `database.schema: level`; that both exist is checked with the rest of the file. */
export const grants = notEmpty(
  z.record(
    z
      .string()
      .regex(/^[^.]+\.[^.]+$/, "must be <database>.<schema>, as declared under access.databases")
      .meta({
        title: "database.schema",
        description: "A schema that is declared under access.databases",
        doNotSuggest: true,
      }),
    level,
  ),
  "must hold at least one <database>.<schema>: level",
).meta({
  description:
    "What this identity may do, as <database>.<schema>: level; beside an owner grant only read-only ones of the same database",
  examples: [{ "shop.orders": "read-write" }],
  defaultSnippets: [
    {
      label: "database.schema: level",
      description: "What this identity may do in a schema",
      body: { "${1:shop.orders}": "${2:read-write}" },
    },
  ],
});
