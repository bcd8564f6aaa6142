import { z } from "zod";
import { distinct, notEmpty, postgresqlName } from "../fields";
import { extensions } from "./extensions";

const schemas = distinct(z.array(postgresqlName).min(1)).meta({
  description: "The schemas in this database",
  examples: [["orders"]],
});

/** One database: its schemas, or these and what else there is to it. */
const database = z.union(
  [
    schemas.meta({ title: "short form" }),
    z
      .strictObject({ schemas, extensions })
      .meta({ title: "long form", description: "A database with more than schemas" }),
  ],
  "must be a list of schemas, or { schemas, extensions }",
);

/** What there is to have access to: `access.databases`. */
export const databases = notEmpty(
  z.record(
    postgresqlName.meta({ title: "database", description: "Name of the database", doNotSuggest: true }),
    database.meta({
      description: "The schemas in this database: a list of at least one, or { schemas, extensions }",
      examples: [["orders"], { schemas: ["orders"], extensions: ["pg_trgm", "pgcrypto"] }],
      defaultSnippets: [
        {
          label: "schemas and extensions",
          description: "A database with extensions",
          body: { schemas: ["${1:orders}"], extensions: ["${2:pg_trgm}"] },
        },
      ],
    }),
  ),
  "must declare at least one database",
).meta({
  description: "Databases and the schemas in each",
  examples: [{ shop: ["orders"] }],
  later:
    "One that is gone or has another name later fails the plan, before anything is touched, unless deletion protection is off",
  defaultSnippets: [
    {
      label: "database",
      description: "A database and its schemas",
      body: { "${1:shop}": ["${2:orders}"] },
    },
  ],
});

/** A database, or one of its schemas as `database.schema`; that it exists is checked with the rest of the file. */
const databaseOrSchema = z
  .string()
  .regex(/^[A-Za-z_][\w$-]*(\.[A-Za-z_][\w$-]*)?$/, "must be a database, or <database>.<schema>");

/** What was called otherwise: `access.renamed`. */
export const renamed = z
  .record(
    databaseOrSchema.meta({
      title: "old name",
      description: "What it was called: <database>, or <database>.<schema>",
      doNotSuggest: true,
    }),
    databaseOrSchema.meta({
      description: "What it is called now, under access.databases",
      examples: ["shop.sales"],
    }),
  )
  .default({})
  .meta({
    description:
      "Databases and schemas that have another name than when they were last deployed, as old: new. Take it out again afterwards",
    omitted: "none",
    examples: [{ "shop.orders": "shop.sales" }],
  });
