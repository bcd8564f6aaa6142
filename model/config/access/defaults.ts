import { z } from "zod";
import { defaultLimits } from "./limits";

/** What holds for every identity: `access.defaults`. */
export const defaults = z.strictObject(defaultLimits).prefault({}).meta({
  description: "What holds for every service and group of people that does not say otherwise",
  omitted: "those of its keys",
});
