import { quote, suggestion } from "../../../lib/nearest";
import type { Level } from "../../postgresql/levels";
import type { DemoConfig } from "../environment";
import { architectureProblems, imageProblems } from "../image-rules";
import type { Problem } from "../problem";
import { publicAccessProblems } from "../public-access";
import type { Rule } from "../rule";
import type { EnvironmentFile } from "../schema";

type Services = EnvironmentFile["access"]["services"];

/** Schema that the message board's own SQL names (board/migrations.ts). */
export const BOARD_SCHEMA = "messages";

/** What keeps the message board from running as the two services that `demo` names, on the nodes there are. */
export const demoRules: readonly Rule[] = [
  whenDeployed(["demo.image"], ({ image }) => imageProblems(["demo", "image"], image)),
  whenDeployed(["demo.architecture", "cluster"], ({ architecture }, file) =>
    architectureProblems(["demo", "architecture"], architecture, file),
  ),
  whenDeployed(["demo.publicAccessCidrs"], ({ publicAccessCidrs }) =>
    publicAccessProblems(["demo", "publicAccessCidrs"], publicAccessCidrs, "the board, which has no login,"),
  ),
  whenDeployed(["demo", "access"], (demo, { access }) => serviceProblems(demo, access.services)),
];

function whenDeployed(
  reads: readonly string[],
  check: (demo: DemoConfig, file: EnvironmentFile) => Problem[],
): Rule {
  return { reads, check: (file) => (file.demo ? check(file.demo, file) : []) };
}

function serviceProblems(demo: DemoConfig, services: Services): Problem[] {
  const problems: Problem[] = [];
  const at = (key: "service" | "migrations", message: string) =>
    problems.push({ path: ["demo", key], message });
  const withGrant = (key: "service" | "migrations", level: Level) => {
    const name = demo[key];
    const service = Object.hasOwn(services, name) ? services[name] : undefined;
    const schema = service && boardSchema(service.grants, level);
    if (!service)
      at(key, `${quote(name)} is not under access.services.${suggestion(name, Object.keys(services))}`);
    else if (service.namespace === undefined)
      at(
        key,
        `the service ${quote(name)} does not run on EKS, where the message board is deployed; name one with a namespace`,
      );
    else if (!schema)
      at(
        key,
        `the service ${quote(name)} needs the grant <database>.${BOARD_SCHEMA}: ${level}, since the message board keeps its tables there`,
      );
    return service?.namespace && schema ? { ...service, schema } : undefined;
  };
  const board = withGrant("service", "read-write");
  const migrations = withGrant("migrations", "owner");
  if (!board || !migrations) return problems;

  const both = `${quote(demo.service)} and ${quote(demo.migrations)}`;
  if (board.grants[migrations.schema] !== "read-write") {
    at(
      "migrations",
      `${both} must have their grants on one schema, got: ${board.schema} and ${migrations.schema}`,
    );
  } else if (board.database !== undefined && !migrations.schema.startsWith(`${board.database}.`)) {
    at(
      "service",
      `${quote(demo.service)} connects to the database ${board.database}, but the board's tables are in ${migrations.schema}; change its "database:"`,
    );
  }
  if (board.namespace !== migrations.namespace) {
    at("migrations", `${both} must be in one namespace, got: ${board.namespace} and ${migrations.namespace}`);
  }
  return problems;
}

/** The board's schema, as `<database>.<schema>`, on which there is a grant of this level; the first of several. */
function boardSchema(grants: Readonly<Record<string, Level>>, level: Level): string | undefined {
  return Object.keys(grants)
    .sort()
    .find((schema) => schema.endsWith(`.${BOARD_SCHEMA}`) && grants[schema] === level);
}
