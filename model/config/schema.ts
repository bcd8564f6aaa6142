import { z } from "zod";
import { access } from "./access/schema";
import { cluster } from "./cluster/schema";
import { database } from "./database/schema";
import { demo } from "./demo/schema";
import { network } from "./network/schema";
import { review } from "./review/schema";
import { settings } from "./settings/schema";
import { verify } from "./verify/schema";

/**
 * The environment file: what a platform team edits, section by section. What the schema says of a key reaches people by
 * environments/environment.schema.json, docs/environment-file.md and error messages; every default is the one a small
 * production wants.
 */
export const environmentSchema = z.strictObject({
  ...settings,
  network,
  cluster,
  database,
  access,
  demo,
  review,
  verify,
});

/** An environment file with every default filled in. */
export type EnvironmentFile = z.output<typeof environmentSchema>;
