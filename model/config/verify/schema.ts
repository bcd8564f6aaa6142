import { z } from "zod";
import { accepted } from "./accepted";
import { job } from "./job";

/** How a live database is compared with the access plan: `verify`. */
export const verify = z
  .strictObject({
    accepted,
    ...job,
  })
  .prefault({})
  .meta({
    description:
      "How `npm run verify` judges the live database, and whether a job in the EKS cluster does so on a schedule",
    omitted: "every finding counts, and there is no job",
    examples: [
      {
        schedule: "0 5 * * *",
        image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/verify:1.0.0",
        namespace: "board",
      },
    ],
  });
