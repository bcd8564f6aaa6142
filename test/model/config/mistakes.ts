import { declarations, MINIMAL, problemsOf } from "../../helpers/environment";

/** The problems of the minimal file with more YAML, whose first line is the eleventh. */
export function problemsWith(yaml: string): string[] {
  return problemsOf(`${MINIMAL}${yaml}\n`);
}

/** The minimal file with another `access`. */
export function withAccess(yaml: string): string {
  return `${MINIMAL.slice(0, MINIMAL.indexOf("access:"))}${yaml}`;
}

/** The same with these services and their namespaces, from the seventh line on, and databases, in the fifth. */
export function withServices(services: string, databases = "{ shop: [billing, orders] }"): string {
  return withAccess(
    `access:\n  databases: ${databases}\n  services:\n${services.replace(/^/gm, "    ")}\n  ${declarations(services)}\n`,
  );
}
