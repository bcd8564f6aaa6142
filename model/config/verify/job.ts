import { z } from "zod";
import { dnsLabel } from "../fields";
import { containerImage, imageArchitecture } from "../image";

/** Minutes, hours or days of a schedule: numbers, ranges and steps, as cron has them. */
const FIELD = String.raw`[\d*,/-]+`;

/** The keys of the job that verifies on a schedule. */
export const job = {
  schedule: z
    .string()
    .regex(
      new RegExp(String.raw`^${FIELD} ${FIELD} \* \* ${FIELD}$`),
      "must be the five fields of a cron schedule in UTC, minute hour * * weekday, such as 0 5 * * *: days of the month and months are left open, since a job that runs so rarely cannot be watched",
    )
    .optional()
    .meta({
      description:
        "When a job in the EKS cluster verifies the database: weekday 0 is Sunday, and between two runs are 15 minutes to 6 days",
      omitted: "there is no job",
      examples: ["0 5 * * *"],
    }),
  image: containerImage.optional().meta({
    description: "Container image of the job, with a tag or digest; needed with schedule",
    omitted: "there is no job",
    examples: ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/verify:1.0.0"],
  }),
  namespace: dnsLabel.optional().meta({
    description: "Kubernetes namespace of the job, one of access.namespaces; needed with schedule",
    omitted: "there is no job",
    examples: ["shop"],
  }),
  architecture: imageArchitecture,
};
