import { z } from "zod";

/** Which host an identity connects to: `endpoint`, of services and people alike. */
export const endpoint = z
  .enum(["writer", "reader"])
  .default("writer")
  .meta({
    description: "Host that it is given as PGHOST; reader is for grants that only read",
    enumDescriptions: [
      "the database's writer; a service's ConfigMap has the readers as PGHOST_READER where there are any",
      "the database's readers, which are some milliseconds behind the writer",
    ],
    examples: ["reader"],
  });
