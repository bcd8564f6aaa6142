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

/** Where services run, in turn: on EKS is the most usual. */
const PLACES: readonly ((index: number) => object)[] = [
  (index) => ({ namespace: namespaceOf(index) }),
  () => ({ runsOn: "lambda" }),
  (index) => ({ namespace: namespaceOf(index) }),
  () => ({ runsOn: "ecs" }),
  (index) => ({ namespace: namespaceOf(index) }),
  () => ({ runsOn: "ec2" }),
  (index) => ({ namespace: namespaceOf(index) }),
  (index) => ({ role: `Legacy${index}` }),
  (index) => ({ namespace: namespaceOf(index) }),
  (index) => ({
    principals: [`arn:aws:iam::210987654321:role/Pipeline${index}`],
    externalId: `pipeline-${index}`,
  }),
];

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
  const access = { ...sections(), services: entries(services, service) };
  const file = written(`services-${services}`, { access }, folder);
  const workload = { title: `${services.toLocaleString("en")} services`, file, services };
  return services === 1000 ? { ...workload, target: 8 } : workload;
}

/**
 * As {@link manyServices}, but of every kind: on EKS by Pod Identity, on Lambda, ECS and EC2, with roles that exist and
 * principals of another account, the first hundred through the proxy; one in twenty is a group of people.
 */
export function everyKind(identities: number, folder: string): Workload {
  const groups = Math.floor(identities / 20);
  const access = {
    ...sections(),
    accounts: { ci: "210987654321" },
    services: entries(identities - groups, (index) => {
      const [key, { namespace: _, ...rest }] = service(index);
      // The policy of the proxy's IAM role has room for some hundred users.
      const past = index >= 100 && index % 50 !== 0;
      return [key, { ...pick(PLACES, index)(index), ...rest, ...(past && { proxy: false }) }];
    }),
    people: entries(groups, (index) => [
      `team-${index}`,
      {
        principals: [`arn:aws:iam::123456789012:role/Team${index}`],
        grants: { [`${pick(DATABASES, index)}.${pick(SCHEMAS, index)}`]: "read-only" },
      },
    ]),
  };
  const more = { access, cluster: { identity: "pod-identity" }, database: { proxy: {} } };
  const file = written(`every-kind-${identities}`, more, folder);
  return { title: `${identities.toLocaleString("en")} of every kind`, file, services: identities };
}

function sections(): { readonly databases: object; readonly namespaces: object } {
  const namespaces = DATABASES.flatMap((database) => SCHEMAS.map((schema) => `${database}-${schema}`));
  return {
    databases: Object.fromEntries(DATABASES.map((database) => [database, SCHEMAS])),
    namespaces: Object.fromEntries(namespaces.map((name) => [name, {}])),
  };
}

function entries(count: number, entry: (index: number) => readonly [string, object]): object {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => entry(index)));
}

/** @returns path of a file that is as {@link devContent} but for these sections' keys */
function written(name: string, changes: Readonly<Record<string, object>>, folder: string): string {
  const content = devContent();
  const merged = Object.entries(changes).map(([key, value]) =>
    key === "access" ? [key, value] : [key, { ...Object(content[key]), ...value }],
  );
  const file = join(folder, `${name}.yaml`);
  writeFileSync(
    file,
    stringify({ ...content, ...Object.fromEntries(merged) }, { aliasDuplicateObjects: false }),
  );
  return file;
}

/** @returns the database and the schema that a service is about, and the one that it reads as well */
function subjectOf(index: number): {
  readonly database: string;
  readonly schema: string;
  readonly next: string;
} {
  const turn = Math.floor(index / DATABASES.length);
  return { database: pick(DATABASES, index), schema: pick(SCHEMAS, turn), next: pick(SCHEMAS, turn + 1) };
}

function namespaceOf(index: number): string {
  const { database, schema } = subjectOf(index);
  return `${database}-${schema}`;
}

function service(
  index: number,
): [key: string, service: { readonly namespace: string; readonly grants: object }] {
  const { database, schema, next } = subjectOf(index);
  const grants =
    index % 50 === 0
      ? { [`${database}.${schema}`]: "owner" }
      : { [`${database}.${schema}`]: "read-write", [`${database}.${next}`]: "read-only" };
  return [`service-${index}`, { namespace: namespaceOf(index), grants }];
}

function pick<T>(values: readonly T[], index: number): T {
  const value = values[index % values.length];
  if (value === undefined) throw new Error("There is nothing to pick.");
  return value;
}
