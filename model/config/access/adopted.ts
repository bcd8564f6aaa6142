import { z } from "zod";
import { postgresqlName } from "../fields";

/** What was there before this project: `access.adopted`. */
export const adopted = z
  .record(
    postgresqlName.meta({
      title: "database",
      description: "A database under access.databases that was there already",
      doNotSuggest: true,
    }),
    z
      .strictObject({
        public: postgresqlName.optional().meta({
          description: "Schema that what is in public moves to, since public stays the admin's",
          omitted: "what is in public stays there",
          examples: ["shop"],
        }),
      })
      .meta({ description: "How it comes to be as the file has it", examples: [{}, { public: "shop" }] }),
  )
  .default({})
  .meta({
    description:
      "Databases that were there already and have been made what the file says by the SQL for adopting (docs/adopting.md): Terraform takes over the database, its schemas, extensions and roles. Take it out again after the first deployment",
    omitted: "none",
    examples: [{ shop: {} }, { shop: { public: "shop" } }],
  });
