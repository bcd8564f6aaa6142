import { readFileSync } from "node:fs";
import { UserError } from "../../lib/user-error";
import type { Environment } from "../../model/config/environment";
import { loadEnvironments } from "../../model/config/load";
import { parseEnvironment } from "../../model/config/parse";
import { warningLine } from "../../model/config/warnings";

/** The environment files that tests run on. Those in environments/ are users' to edit: only test/snapshots reads them. */
export const TEST_ENVIRONMENTS = "test/environments";

/** Every environment of {@link TEST_ENVIRONMENTS}. */
export function testEnvironments(): Environment[] {
  return loadEnvironments(TEST_ENVIRONMENTS);
}

/** Names of those. */
export type TestEnvironment = "company" | "dev" | "everywhere" | "prod";

/** One environment of {@link TEST_ENVIRONMENTS}. */
export function testEnvironment(name: TestEnvironment): Environment {
  return parse(testFile(name), `${TEST_ENVIRONMENTS}/${name}.yaml`);
}

/** The text of a file in {@link TEST_ENVIRONMENTS}. */
export function testFile(name: TestEnvironment): string {
  return readFileSync(`${TEST_ENVIRONMENTS}/${name}.yaml`, "utf8");
}

/** The least an environment file needs. */
export const MINIMAL = `name: test
account: "123456789012"
region: eu-west-1
access:
  databases: { shop: [billing, orders] }
  namespaces: { shop: {} }
  services:
    orders-api:
      namespace: shop
      grants: { shop.orders: read-write }
`;

/** The same text, with every namespace declared that it says a service is in. */
export function declared(text: string): string {
  const [, known = ""] = /^ *namespaces: \{(.*)\}$/m.exec(text) ?? [];
  const missing = namespacesIn(text).filter((name) => !known.includes(` ${name}:`));
  return text.replace(/^( *namespaces: \{)/m, `$1${missing.map((name) => ` ${name}: {},`).join("")}`);
}

/** `namespaces` of `access`, with every namespace that services are said to be in. */
export function declarations(services: string): string {
  const names = namespacesIn(services).map((name) => `${name}: {}`);
  return `namespaces: { ${names.join(", ")} }`;
}

function namespacesIn(text: string): string[] {
  const names = [...text.matchAll(/\bnamespace: "?([a-z0-9-]+)/g)].map(([, name = ""]) => name);
  return [...new Set(names)].sort();
}

/** Parses an environment file's text; files it names do not exist. */
export function parse(text: string = MINIMAL, file = "test.yaml"): Environment {
  return parseEnvironment(text, file, (path) => {
    throw Object.assign(new Error(path), { code: "ENOENT" });
  });
}

/** The errors of a file, each `line:column: message`; empty when it has none. */
export function problemsOf(text: string): string[] {
  return found(text).filter((message) => !WARNING.test(message));
}

/** The warnings of a file that are said whatever the day, each `line:column: message` without its kind; empty when it has none. */
export function warningsOf(text: string): string[] {
  return found(text).flatMap((message) =>
    WARNING.test(message) ? [message.replace(WARNING, "$1: $2")] : [],
  );
}

const WARNING = /^(\d+:\d+): warning: (.*) \[[a-z-]+\]$/;

function found(text: string): string[] {
  const bare = (message: string) => message.replace(/^file:/, "");
  try {
    const always = parse(text, "file").warnings.filter(({ days }) => !days);
    return always.map((warning) => bare(warningLine(warning)));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.messages.map(bare);
  }
}
