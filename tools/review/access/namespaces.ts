import type { NamespacePlan, OwnNamespace } from "../../../model/access/namespace";
import type { AccessPlan } from "../../../model/access/plan";
import type { Finding } from "../finding";
import type { Named } from "./compare-fields";
import { type Pair, pairByName } from "./places";

/** What may be said of each setting, from strict to loose, and what that means. */
const SETTINGS = {
  podSecurity: {
    restricted: "its pods get no root and nothing of the node",
    baseline: "its pods may run as root",
    privileged: "its pods may do anything, to the node and to every token on it as well",
  },
  networkPolicy: {
    "default-deny": "its pods reach DNS, the database and their credentials",
    none: "its pods reach and are reached by whom they like",
  },
} as const satisfies {
  readonly [Setting in "podSecurity" | "networkPolicy"]: Readonly<Record<OwnNamespace[Setting], string>>;
};

type Setting = keyof typeof SETTINGS;

/** Of a namespace, whether ours or somebody else's; of the latter nothing is said of its pods. */
export interface NamespaceFields {
  readonly name: string;
  readonly existing?: true;
  readonly podSecurity?: string;
  readonly networkPolicy?: string;
}

/** Of a namespace's Pod Security or NetworkPolicy. A value that is not known is looser than any. */
export function settingFindings(setting: Setting) {
  return (before: NamespaceFields, after: NamespaceFields, { subject }: Named): Finding[] => {
    const [old, now] = [looseness(setting, before), looseness(setting, after)];
    const text = `${subject}: ${setting} ${old.value} → ${now.value} (${now.meaning})`;
    return [{ kind: now.rank < old.rank ? "namespace-tightened" : "namespace-loosened", subject, text }];
  };
}

function looseness(setting: Setting, namespace: NamespaceFields) {
  const meanings = new Map<string, string>(Object.entries(SETTINGS[setting]));
  const value = namespace[setting];
  if (value === undefined) {
    const meaning = "the namespace is somebody else's, who may change it at any time";
    return { value: "not kept here", rank: meanings.size, meaning };
  }
  const known = [...meanings.keys()].indexOf(value);
  return {
    value,
    rank: known < 0 ? meanings.size : known,
    meaning: meanings.get(value) ?? "which the review does not know",
  };
}

/** Namespaces of both sides. */
export function pairNamespaces(before: AccessPlan, after: AccessPlan): Pair<NamespacePlan>[] {
  return pairByName(before.namespaces, after.namespaces, ({ name }) => name);
}

/** Namespaces that are on one side only. One whose pods may do no more than is usual goes without saying: its services are said. */
export function namespaceFindings(
  pairs: readonly Pair<NamespacePlan>[],
  { identities }: AccessPlan,
): Finding[] {
  const used = new Set(identities.map((identity) => (identity.kind === "service" ? identity.namespace : "")));
  return pairs.flatMap(({ before, after }): Finding[] => {
    if (before?.existing && !after) {
      const text = `${before.name}: the namespace is no longer in the file; it is somebody else's and stays, without what was put into it for services`;
      return [{ kind: "namespace-removed", subject: before.name, text }];
    }
    if (before && !after) {
      const text = `${before.name}: the namespace is no longer in the file; while deletionProtection holds, the deployment stops before it touches anything; without it the namespace goes, with everything in it`;
      return [{ kind: "namespace-removed", subject: before.name, text }];
    }
    if (before || !after) return [];
    const { name } = after;
    if (after.existing) {
      const text = `${name}: a namespace that is somebody else's: its Pod Security and NetworkPolicy are not kept here`;
      return [{ kind: "namespace-loosened", subject: name, text }];
    }
    const loose = (["podSecurity", "networkPolicy"] as const).filter(
      (setting) => looseness(setting, after).rank > 0,
    );
    if (loose.length > 0) {
      const how = loose.map(
        (setting) => `${setting} ${after[setting]}: ${looseness(setting, after).meaning}`,
      );
      return [
        { kind: "namespace-loosened", subject: name, text: `${name}: a new namespace, ${how.join("; ")}` },
      ];
    }
    return used.has(name)
      ? []
      : [
          {
            kind: "resource-added",
            subject: name,
            text: `${name}: a new namespace with no service in it yet`,
          },
        ];
  });
}
