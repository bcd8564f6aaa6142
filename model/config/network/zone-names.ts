import { zonesOf } from "../../aws/regions";
import type { EnvironmentFile } from "../schema";

/** The zones of a file by name, sorted. */
export function zoneNames({ region, network }: Pick<EnvironmentFile, "region" | "network">): string[] {
  const chosen = network.availabilityZones;
  if (Array.isArray(chosen)) return [...chosen].sort();
  return zonesOf(region)
    .slice(0, chosen ?? 3)
    .sort();
}
