import { quote, suggestion } from "./nearest";
import type { Problem } from "./problem";
import type { EnvironmentFile } from "./schema";

/** What keeps the message board from running as the two services that `demo` names. */
export function demoProblems({ demo, access }: EnvironmentFile): Problem[] {
  if (!demo) return [];
  const services = Object.keys(access.services);
  const problems: Problem[] = [];
  for (const [key, privilege] of [
    ["service", "read-write"],
    ["migrations", "owner"],
  ] as const) {
    const name = demo[key];
    const service = Object.hasOwn(access.services, name) ? access.services[name] : undefined;
    const path = ["demo", key];
    if (!service) {
      problems.push({
        path,
        message: `${quote(name)} is not under access.services.${suggestion(name, services)}`,
      });
    } else if (!Object.values(service.grants).includes(privilege)) {
      problems.push({
        path,
        message: `the service ${quote(name)} needs the grant ${privilege} on the demo's schema`,
      });
    }
  }
  return problems.length > 0 ? problems : demoSchemaProblems(demo, access);
}

function demoSchemaProblems(
  demo: NonNullable<EnvironmentFile["demo"]>,
  access: EnvironmentFile["access"],
): Problem[] {
  const schemaOf = (name: string, privilege: string) =>
    Object.entries(access.services[name]?.grants ?? {}).find(([, value]) => value === privilege)?.[0];
  const [written, owned] = [schemaOf(demo.service, "read-write"), schemaOf(demo.migrations, "owner")];
  const [from, to] = [access.services[demo.service]?.namespace, access.services[demo.migrations]?.namespace];
  if (written === owned && from === to) return [];
  return [
    {
      path: ["demo", "migrations"],
      message:
        written === owned
          ? `${quote(demo.service)} and ${quote(demo.migrations)} must be in one namespace, got: ${from} and ${to}`
          : `${quote(demo.migrations)} owns ${owned}, but ${quote(demo.service)} writes to ${written}; both must be one schema`,
    },
  ];
}
