import { architectureOf } from "../aws/architecture";
import type { Problem } from "./problem";
import type { EnvironmentFile } from "./schema";

/** What keeps an image from being the same one tomorrow. */
export function imageProblems(path: readonly string[], image: string): Problem[] {
  if (!image.endsWith(":latest")) return [];
  const message =
    "the tag latest is another image after the next push, which no plan would show; name a version or a digest";
  return [{ path, message }];
}

/** What keeps an image of one architecture from running on any node. */
export function architectureProblems(
  path: readonly string[],
  architecture: "amd64" | "arm64" | undefined,
  { cluster }: Pick<EnvironmentFile, "cluster">,
): Problem[] {
  // Which nodes an existing cluster has is not known here.
  if (!architecture || cluster.existing) return [];
  const types = Object.values(cluster.nodeGroups).flatMap(({ instanceTypes }) => instanceTypes);
  if (types.some((type) => architectureOf(type) === (architecture === "amd64" ? "x86_64" : architecture))) {
    return [];
  }
  const message = `no node group has ${architecture} nodes (${types.join(", ")}); build the image for theirs or add a group`;
  return [{ path, message }];
}
