import { z } from "zod";
import { whole } from "../fields";

/** What holds for every identity: `access.defaults`. */
export const defaults = z
  .strictObject({
    connectionLimit: whole(1, 5000)
      .default(100)
      .meta({
        description:
          "Connections that each database user may have at once, over all of its pods; leave room for the admin in max_connections (189 with 1 ACU, about 400 with 4 GiB)",
        examples: [50],
      }),
  })
  .prefault({})
  .meta({
    description: "What holds for every service and group of people",
    omitted: "those of its keys",
  });
