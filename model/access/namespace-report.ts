import { markdownCode } from "../../lib/markdown";
import { markdownTable } from "../../lib/table";
import { LEVEL_NAMES } from "../postgresql/levels";
import type { ServiceIdentity } from "./identity";
import type { AccessPlan } from "./plan";

/** What reaching into a namespace comes to: the parts of the report about it; none where there is no service. */
export function namespaceReport({ identities, namespaces }: AccessPlan): string[] {
  if (namespaces.length === 0) return [];
  const services = identities.filter((identity) => identity.kind === "service");
  return [
    "## What a pod in a namespace can become",
    "A pod runs as any ServiceAccount of its namespace that it asks for. So whoever may create pods there, or change what does (Deployments, Jobs, CronJobs), or ask for tokens of its ServiceAccounts, or enter its pods, may do what all its services together may do:",
    markdownTable({
      header: ["namespace", "services", "together", "Pod Security", "NetworkPolicy"],
      rows: namespaces.map(({ name, podSecurity, networkPolicy }) => {
        const inIt = services.filter(({ namespace }) => namespace === name);
        const keys = inIt.map(({ key }) => key).join(", ");
        return [name, keys, highestLevels(inIt).join("<br>"), podSecurity, networkPolicy];
      }),
    }),
  ];
}

/** The highest level that any of some services has on each schema. */
function highestLevels(services: readonly ServiceIdentity[]): string[] {
  const highest = new Map<string, number>();
  for (const { grants } of services) {
    for (const { database, schema, level } of grants) {
      const target = `${database}.${schema}`;
      highest.set(target, Math.max(highest.get(target) ?? 0, LEVEL_NAMES.indexOf(level)));
    }
  }
  return [...highest].map(([target, level]) => `${markdownCode(target)}: ${LEVEL_NAMES[level]}`).sort();
}
