/** Processor architecture, as EC2 spells it. */
export type Architecture = "arm64" | "x86_64";

/**
 * The architecture of an EC2 instance type. Graviton families have a g right after the generation (m7g, c7gn, im4gn),
 * where g5 and g6e are x86 with GPUs; a1 came before that rule, and p6e-gb200 pairs its GPUs with Grace.
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
export function architectureOf(instanceType: string): Architecture {
  const family = instanceType.replace(/\..*$/, "");
  return /^a1$|^[a-z]+\d+g|-gb\d/.test(family) ? "arm64" : "x86_64";
}

/** What is wrong with the instance types of one node group, whose nodes all start from one image. */
export function architectureProblem(instanceTypes: readonly string[]): string | undefined {
  const arm = instanceTypes.find((type) => architectureOf(type) === "arm64");
  const x86 = instanceTypes.find((type) => architectureOf(type) === "x86_64");
  if (!arm || !x86) return undefined;
  return `${arm} is arm64 and ${x86} is x86_64, but the nodes of a group share one image; make two groups`;
}

/**
 * The EKS image for instance types of one architecture: Amazon Linux 2023.
 * @throws Error when the types are mixed, which the environment's rules refuse before
 */
export function amiType(instanceTypes: readonly string[]): string {
  const problem = architectureProblem(instanceTypes);
  if (problem) throw new Error(problem);
  return instanceTypes.some((type) => architectureOf(type) === "arm64")
    ? "AL2023_ARM_64_STANDARD"
    : "AL2023_x86_64_STANDARD";
}
