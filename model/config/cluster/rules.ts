import { precedesNodes } from "../../aws/addons";
import { architectureProblem } from "../../aws/architecture";
import { KUBERNETES_ENDS } from "../../aws/support-ends";
import type { Problem } from "../problem";
import { publicAccessProblems } from "../public-access";
import { arnRule, listedArns, type Rule, whenMade } from "../rule";
import type { EnvironmentFile } from "../schema";
import { versionEnding } from "../version-ending";

/** Rules between the values of `cluster` and others. */
export const clusterRules: readonly Rule[] = [
  ...whenMade("cluster", [
    { reads: ["cluster.nodeGroups"], check: nodeGroupProblems },
    { reads: ["cluster.nodeGroups", "cluster.addons"], check: addonProblems },
    { reads: ["cluster.version", "cluster.extendedSupport"], check: endingVersion },
    { reads: ["cluster.version"], check: unknownVersion },
    {
      reads: ["cluster.publicAccessCidrs"],
      check: ({ cluster }) =>
        publicAccessProblems(
          ["cluster", "publicAccessCidrs"],
          cluster.publicAccessCidrs,
          "the Kubernetes API",
        ),
    },
  ]),
  arnRule("cluster.administrators", ({ cluster }) =>
    listedArns(["cluster", "administrators"], cluster.administrators ?? []),
  ),
];

function nodeGroupProblems({ cluster }: EnvironmentFile): Problem[] {
  return Object.entries(cluster.nodeGroups).flatMap(([name, { instanceTypes, minSize, maxSize }]) => {
    const path = ["cluster", "nodeGroups", name];
    const mixed = architectureProblem(instanceTypes);
    const problems: Problem[] = mixed ? [{ path: [...path, "instanceTypes"], message: mixed }] : [];
    if (minSize > maxSize) {
      const message = `minSize ${minSize} is more than maxSize ${maxSize}; lower it or raise maxSize`;
      problems.push({ path: [...path, "minSize"], message });
    }
    return problems;
  });
}

function addonProblems({ cluster: { addons, nodeGroups } }: EnvironmentFile): Problem[] {
  const needsNodes = addons.find((addon) => !precedesNodes(addon));
  if (!needsNodes || Object.values(nodeGroups).some(({ minSize }) => minSize > 0)) return [];
  const message = `${needsNodes} needs a node to run on, or its deployment never ends; give one group a minSize`;
  return [{ path: ["cluster", "nodeGroups"], message }];
}

function endingVersion({ cluster: { version, extendedSupport } }: EnvironmentFile): Problem[] {
  return versionEnding({
    path: ["cluster", "version"],
    name: `Kubernetes ${version}`,
    ends: KUBERNETES_ENDS[version],
    consequence: extendedSupport
      ? "an hour of it costs $0.60 instead of $0.10"
      : "AWS upgrades it at a time of its own, which fails deployments until the file has followed",
    advice: "raise it by one minor version at a time",
  });
}

/** Newer than the table; it may exist by now, or be a slip of the finger. */
function unknownVersion({ cluster: { version } }: EnvironmentFile): Problem[] {
  const minor = (each: string) => Number(each.split(".")[1]);
  const newest = Math.max(...Object.keys(KUBERNETES_ENDS).map(minor));
  if (minor(version) <= newest) return [];
  const message = `Kubernetes ${version} is newer than any that is known here (1.${newest}); look whether EKS has it: aws eks describe-cluster-versions --cluster-versions ${version}`;
  return [{ path: ["cluster", "version"], message, warning: "unknown-version" }];
}
