import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";

/** What the app is given to synthesise. */
export interface Workload {
  readonly title: string;
  /** Path of the environment file. */
  readonly file: string;
  readonly services: number;
  /** The project's target for its own way of running it: how many times what loading cdktf takes. */
  readonly target?: number;
}

const DATABASES = ["accounts", "catalog", "orders", "shipping"];
const SCHEMAS = ["archive", "events", "ledger", "profiles", "reports"];

/** Nothing but what each synthesis begins with: the yardstick, which is as slow as the machine. */
export const LOADING: Workload = { title: 'require("cdktf")', file: "", services: 0 };

/** The project's own small environment. */
export function devEnvironment(): Workload {
  const file = "environments/dev.yaml";
  const { access }: { access: { services?: object } } = parse(readFileSync(file, "utf8"));
  const services = Object.keys(access.services ?? {}).length;
  return { title: file, file, services, target: 2.2 };
}

/** What that file says, without the message board. */
export function devContent(): Record<string, unknown> {
  const { demo: _, ...rest }: Record<string, unknown> = parse(readFileSync(devEnvironment().file, "utf8"));
  return rest;
}

/**
 * The same environment with that many services over 20 schemas in 4 databases, and a namespace for each schema:
 * every service writes one schema and reads the next, and one in fifty runs migrations.
 * @param folder where the file is written
 */
export function manyServices(services: number, folder: string): Workload {
  const namespaces = DATABASES.flatMap((database) => SCHEMAS.map((schema) => `${database}-${schema}`));
  const access = {
    databases: Object.fromEntries(DATABASES.map((database) => [database, SCHEMAS])),
    namespaces: Object.fromEntries(namespaces.map((name) => [name, {}])),
    services: Object.fromEntries(Array.from({ length: services }, (_, index) => service(index))),
  };
  const file = join(folder, `services-${services}.yaml`);
  writeFileSync(file, stringify({ ...devContent(), access }, { aliasDuplicateObjects: false }));
  const workload = { title: `${services.toLocaleString("en")} services`, file, services };
  return services === 1000 ? { ...workload, target: 8 } : workload;
}

function service(index: number): [key: string, service: object] {
  const database = pick(DATABASES, index);
  const turn = Math.floor(index / DATABASES.length);
  const schema = pick(SCHEMAS, turn);
  const grants =
    index % 50 === 0
      ? { [`${database}.${schema}`]: "owner" }
      : { [`${database}.${schema}`]: "read-write", [`${database}.${pick(SCHEMAS, turn + 1)}`]: "read-only" };
  return [`service-${index}`, { namespace: `${database}-${schema}`, grants }];
}

function pick(names: readonly string[], index: number): string {
  const name = names[index % names.length];
  if (name === undefined) throw new Error("There is no name to pick.");
  return name;
}
