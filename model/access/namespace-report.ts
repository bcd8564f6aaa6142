import { markdownCode as code } from "../../lib/markdown";
import { markdownTable } from "../../lib/table";
import { LEVEL_NAMES } from "../postgresql/levels";
import { iamRoleArn, ROLE_ANNOTATION } from "./iam";
import { accountOf, needsAnnotation, type ServiceIdentity } from "./identity";
import type { AccessPlan } from "./plan";
import { named, type ReportSection } from "./report-section";

/** What reaching into a namespace comes to; nothing where there is no service. */
export function namespaceSections({ identities, namespaces }: AccessPlan): ReportSection[] {
  if (namespaces.length === 0) return [];
  const inNamespace = new Map<string, ServiceIdentity[]>();
  for (const identity of identities) {
    if (identity.kind === "service") {
      inNamespace.set(identity.namespace, [...(inNamespace.get(identity.namespace) ?? []), identity]);
    }
  }
  const intro =
    "A pod runs as any ServiceAccount of its namespace that it asks for. So whoever may create pods there, or change what does (Deployments, Jobs, CronJobs), or ask for tokens of its ServiceAccounts, or enter its pods, may do what all its services together may do";
  const table = (shown: (names: readonly string[]) => readonly string[]) =>
    markdownTable({
      header: ["namespace", "services", "together", "Pod Security", "NetworkPolicy"],
      rows: namespaces.map(({ name, ...namespace }) => {
        const { podSecurity, networkPolicy } = namespace.existing ? NOT_OURS : namespace;
        const services = inNamespace.get(name) ?? [];
        const keys = shown(services.map(({ key }) => key)).join(", ");
        return [name, keys, highestLevels(services, shown).join("<br>"), podSecurity, networkPolicy];
      }),
    });
  return [
    {
      heading: "What a pod in a namespace can become",
      full: `${intro}:\n\n${table((names) => names)}`,
      short: () =>
        `${intro}. Of many names it is said how many; all are in \`access-plan.json\`, beside this file.\n\n${table(named)}`,
    },
  ];
}

/** What stands for the settings of a namespace that is somebody else's. */
const NOT_OURS = { podSecurity: "not kept here", networkPolicy: "not kept here" };

/** ServiceAccounts that are not made here, and what their makers have to write on them; nothing where there are none. */
export function annotationSections(plan: AccessPlan): ReportSection[] {
  const rows = plan.identities.flatMap((identity) =>
    identity.kind === "service" && needsAnnotation(identity)
      ? [[accountOf(identity), code(`${ROLE_ANNOTATION}: ${iamRoleArn(plan, identity)}`)]]
      : [],
  );
  if (rows.length === 0) return [];
  const intro =
    "Something else makes these ServiceAccounts. Without the annotation the pods of one get no IAM role; with another one they may not take this";
  const table = markdownTable({ header: ["ServiceAccount", "annotation"], rows });
  return [{ heading: "ServiceAccounts that are not made here", full: `${intro}:\n\n${table}` }];
}

/** The schemas on which any of some services has a level, and none a higher one. */
function highestLevels(
  services: readonly ServiceIdentity[],
  shown: (names: readonly string[]) => readonly string[],
): string[] {
  const highest = new Map<string, number>();
  for (const { grants } of services) {
    for (const { database, schema, level } of grants) {
      const target = `${database}.${schema}`;
      highest.set(target, Math.max(highest.get(target) ?? 0, LEVEL_NAMES.indexOf(level)));
    }
  }
  return LEVEL_NAMES.toReversed().flatMap((level) => {
    const targets = [...highest]
      .filter(([, rank]) => LEVEL_NAMES[rank] === level)
      .map(([target]) => code(target));
    return targets.length === 0 ? [] : [`${level}: ${shown(targets.sort()).join(", ")}`];
  });
}
