import { quote } from "../../lib/nearest";
import { overlap } from "../aws/blocks";
import { byAssociation, POD_IDENTITY_AGENT } from "../aws/pod-identity";
import { installedAddons } from "./cluster/installed-addons";
import type { Environment } from "./environment";
import type { Problem } from "./problem";
import { type SharedName, sharedNames } from "./shared-names";

/** An environment that was loaded, and the file as the user named it. */
export interface Loaded {
  readonly file: string;
  readonly environment: Environment;
}

/** A rule between two environments; what it finds is said of the second. */
type RuleBetween = (first: Loaded, second: Environment) => readonly Problem[];

/** Rules for environments of different names. */
const RULES: readonly RuleBetween[] = [nameProblems, networkProblems, agentProblems];

/** What is wrong between an environment and those before it. */
export function problemsBetween(before: readonly Loaded[], environment: Environment): Problem[] {
  return before.flatMap((first) => {
    if (first.environment.name !== environment.name)
      return RULES.flatMap((check) => check(first, environment));
    const message = `the name ${environment.name} is that of ${first.file} already; their stacks would be the same`;
    return [{ path: ["name"], message }];
  });
}

/** Two environments cannot make things of one name in one place: the second deployment would fail, half done. */
function nameProblems({ environment: first, file }: Loaded, second: Environment): Problem[] {
  const key = ({ within, kind, name }: SharedName) => JSON.stringify([within, kind, name]);
  const taken = new Set(sharedNames(first).map(key));
  const said = new Set<string>();
  return sharedNames(second).flatMap((name): Problem[] => {
    const place = JSON.stringify(name.path);
    // One thing of a file's has several names, and one of them is enough to say.
    if (!taken.has(key(name)) || said.has(place)) return [];
    said.add(place);
    const { within = "account", advice = "rename one" } = KINDS[name.kind] ?? {};
    const message = `the ${name.kind} ${quote(name.name)} would be that of ${first.name} (${file}) as well, in the same ${within}; ${advice}`;
    return [{ path: name.path, onKey: name.path.at(-1) !== "name", message }];
  });
}

/** What kinds of names are given once in, where that is not an account, and what to do where that is not to rename one. */
const KINDS: Readonly<Record<string, { readonly within?: string; readonly advice?: string }>> = {
  database: { within: "database server" },
  "PostgreSQL role": { within: "database server" },
  namespace: {
    within: "EKS cluster",
    advice: "rename one, or call it { existing: true } in the file that does not make it",
  },
  ServiceAccount: { within: "EKS cluster" },
  ConfigMap: { within: "EKS cluster" },
  "OIDC provider": { advice: "leave createOidcProvider out in one" },
  "security group rule": {
    within: "pair of security groups",
    advice: "name another of either's security groups in one file, as securityGroupId",
  },
};

/** Networks of one block cannot be peered, nor share a transit gateway. */
function networkProblems({ environment: first }: Loaded, second: Environment): Problem[] {
  const made = !first.network.existing && !second.network.existing;
  const together = first.account === second.account && first.region === second.region;
  if (!made || !together || !overlap(first.network.cidr, second.network.cidr)) return [];
  const message = `the block ${second.network.cidr} overlaps ${first.network.cidr} of ${first.name} in the same account and region, so that the two can never be connected; choose another before the first deployment`;
  return [{ path: ["network", "cidr"], message, warning: "overlapping-networks" }];
}

/** Pods of one on an EKS cluster that the other makes, without the agent that Pod Identity takes there. */
function agentProblems({ environment: first }: Loaded, second: Environment): Problem[] {
  if (first.account !== second.account || first.region !== second.region) return [];
  const isOn = ({ cluster }: Environment, { name, cluster: { existing } }: Environment) =>
    cluster.existing?.name === name && !existing;
  const maker = isOn(second, first) ? first : second;
  const guest = maker === first ? second : first;
  if (!isOn(guest, maker) || !byAssociation(guest.cluster.identity)) return [];
  if (installedAddons(maker.cluster).includes(POD_IDENTITY_AGENT)) return [];
  const message = `pods of ${guest.name} take roles by Pod Identity on the EKS cluster of ${maker.name}, which does not install the agent that gives them credentials; add ${POD_IDENTITY_AGENT} to cluster.addons of ${maker.name}`;
  const path = guest === second ? ["cluster", "identity"] : ["name"];
  return [{ path, message, warning: "agent-not-installed" }];
}
