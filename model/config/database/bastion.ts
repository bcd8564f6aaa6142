import type { EnvironmentFile } from "../schema";

/** Whether there is a bastion: by default for a database that is made here. */
export function hasBastion({ bastion, existing }: EnvironmentFile["database"]): boolean {
  return bastion ?? !existing;
}
