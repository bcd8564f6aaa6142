import { byAssociation, POD_IDENTITY_AGENT } from "../../aws/pod-identity";
import type { EnvironmentFile } from "../schema";

/** The add-ons of an EKS cluster that is made here: those of the file, and the agent where pods get credentials from it. */
export function installedAddons({
  addons,
  identity,
}: Pick<EnvironmentFile["cluster"], "addons" | "identity">): readonly string[] {
  const missing = byAssociation(identity) && !addons.includes(POD_IDENTITY_AGENT);
  return missing ? [...addons, POD_IDENTITY_AGENT].sort() : addons;
}
