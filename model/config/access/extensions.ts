import { z } from "zod";
import { reasonWhy } from "../fields";

/**
 * Name of an extension: what CREATE EXTENSION takes and, since it names files and is a word in lists, in lower case.
 * @see https://www.postgresql.org/docs/current/extend-extensions.html
 */
const extensionName = z
  .string()
  .regex(
    /^(?=.{1,63}$)[a-z][a-z0-9_]*(-[a-z0-9_]+)*$/,
    "must be the name of an extension: lower-case letters, digits, _ and single hyphens, starting with a letter, at most 63",
  );

const withReason = z
  .strictObject({
    name: extensionName.meta({ description: "Name of the extension", examples: ["dblink"] }),
    reason: reasonWhy.meta({
      description: "What it is needed for",
      examples: ["reads the old billing database until it is switched off"],
    }),
  })
  .meta({ title: "written with a reason", description: "An extension that carries data out, and what for" });

/** What a database has beside PostgreSQL's own: `access.databases.<database>.extensions`. */
export const extensions = z
  .array(
    z.union([extensionName, withReason], "must be the name of an extension, or { name, reason }").meta({
      description: "An extension; one that carries data out of the database is written with a reason",
      examples: [
        "pg_trgm",
        { name: "dblink", reason: "reads the old billing database until it is switched off" },
      ],
    }),
  )
  .min(1)
  .optional()
  .meta({
    description:
      "PostgreSQL extensions, which the admin creates in the schema public; one that carries data out, or runs code elsewhere, is written as { name, reason }",
    omitted: "none",
    examples: [
      ["pg_trgm", { name: "dblink", reason: "reads the old billing database until it is switched off" }],
    ],
  });
