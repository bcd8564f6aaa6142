import { UserError } from "../../../lib/user-error";
import { parseEnvironment } from "../parse";
import { isObject } from "../reading/schema-walk";
import { block } from "../reading/written-yaml";
import { settings } from "../settings/schema";
import { annotatedSchema, type JsonSchema } from "./json-schema";
import { type KeyGroup, keyGroups, keysOf, keyTable, markdown } from "./key-table";

/** docs/environment-file.md: every key with its meaning, default and allowed values, by section. */
export function referencePage(): string {
  const schema = annotatedSchema();
  const groups = keyGroups(schema);
  const isSetting = (path: string) => Object.hasOwn(settings, path.replace(/\..*/, ""));
  const settingKeys = keysOf(schema).filter(({ name }) => isSetting(name));
  const settingsExample = Object.fromEntries(
    settingKeys.filter(({ name }) => !name.includes("<")).map(({ name, schema }) => [name, example(schema)]),
  );
  const sections = groups.filter(({ path }) => !isSetting(path) && !path.includes("."));
  return [
    HEAD,
    yaml(MODELINE + block(minimalFile(schema))),
    "## The environment\n",
    keyTable(settingKeys),
    yaml(block(settingsExample)),
    ...groups.filter(({ path }) => isSetting(path)).map(subsection),
    ...sections.flatMap((section) => [
      `## ${section.path}\n\n${sentence(section.schema)}\n`,
      keyTable(section.keys),
      yaml(block({ [section.path]: example(section.schema) })),
      ...groups.filter(({ path }) => path.startsWith(`${section.path}.`)).map(subsection),
    ]),
    LATER,
    laterList([{ path: "", schema, keys: keysOf(schema) }, ...groups]),
    MISTAKES,
    yaml(MISTAKEN),
    `\`\`\`\n${mistakes().join("\n")}\n\`\`\`\n`,
  ].join("\n");
}

const MODELINE = "# yaml-language-server: $schema=./environment.schema.json\n";

const HEAD = `# The environment file

<!-- npm run schema writes this page, from model/config. -->

One YAML file says all of an environment. [dev.yaml](../environments/dev.yaml) is a small one, [prod.yaml](../environments/prod.yaml)
a larger one. Files may lie elsewhere: \`ENVIRONMENTS\` names a folder, or files separated by commas, for every command. The first
line tells editors where the schema is; they then complete, describe and check the keys. A key that is not on this page is refused,
and so is a text with \`\${\` or \`%{\` in it, which Terraform would evaluate.

This file is complete:
`;

const LATER = `## What cannot change later, or not freely

Whatever else changes, the next plan shows what that does.
`;

const MISTAKES = `## When something is wrong

All mistakes are reported together, in the order of the lines, with place and advice. The exit code is 1, and nothing is written.

What may be meant is a warning: \`file:line:column: warning: … [kind]\` on stderr, by every command and by \`cdktf synth\`, and in \`access.md\`.
A warning changes nothing that is synthesised. \`WARNINGS=error\`, for CI, makes every warning an error; those that come with the day,
such as the end of a version's support, then fail a build that passed the day before, unless SOURCE_DATE_EPOCH holds the day still.
[\`acceptedWarnings\`](#acceptedwarnings) has every kind, and takes out those that are meant.
`;

/** A file as somebody in a hurry might write it. */
const MISTAKEN = `name: dev
account: 123456789012
region: eu-west-1
network: { natGateway: single }
database: { capacity: { minAcu: 8, maxAcu: 4 }, readers: 99 }
access:
  databases: { shop: [billing, orders] }
  namespaces: { shop: {} }
  services:
    orders-api: { namespace: shop, grants: { shop.order: read-write } }
    billing-worker: { grants: { shop.billing: readwrite } }
`;

/** What the loader says of it: messages on this page are never others than those of the commands. */
function mistakes(): readonly string[] {
  try {
    parseEnvironment(MISTAKEN, "environments/dev.yaml", () => "");
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.messages;
    throw error;
  }
}

/** The keys that every file has, and one service. */
function minimalFile({ properties = {}, required = [] }: JsonSchema): object {
  const examples = (schema: JsonSchema | undefined, names: readonly string[]): object =>
    Object.fromEntries(names.map((name) => [name, example(schema?.properties?.[name])]));
  const { access } = properties;
  return {
    ...examples({ properties }, required),
    access: examples(typeof access === "object" ? access : undefined, [
      "databases",
      "namespaces",
      "services",
    ]),
  };
}

/** A map inside a section, with an example where it has one. */
function subsection({ path, schema, keys }: KeyGroup): string {
  const value = example(schema);
  const adopting = path.endsWith(".existing")
    ? " [Adopting what exists](adopting.md) says what is checked."
    : "";
  const shown = isObject(value) && !path.includes("<") ? [yaml(block(nested(path, value)))] : [];
  return [
    `### ${path.replaceAll("<", "&lt;")}\n\n${sentence(schema)}${adopting}\n`,
    keyTable(keys),
    ...shown,
  ].join("\n");
}

/** A map that holds a value at a path. */
function nested(path: string, value: object): object {
  return path.split(".").reduceRight<object>((inner, key) => ({ [key]: inner }), value);
}

function laterList(groups: readonly KeyGroup[]): string {
  const keys = groups.flatMap(({ path, keys: all }) =>
    all.map(({ name, schema }) => ({ path: path === "" ? name : `${path}.${name}`, later: schema.later })),
  );
  return keys.map(({ path, later }) => (later ? `- \`${path}\`: ${markdown(later)}.\n` : "")).join("");
}

function sentence({ description = "", omitted }: JsonSchema): string {
  return `${markdown(description)}.${omitted === undefined ? "" : ` Default: ${markdown(omitted)}.`}`;
}

/** The longest example, which is the last. */
function example(schema: JsonSchema | boolean | undefined): unknown {
  const examples = typeof schema === "object" ? schema.examples : undefined;
  return Array.isArray(examples) ? examples.at(-1) : undefined;
}

function yaml(text: string): string {
  return `\`\`\`yaml\n${text}\`\`\`\n`;
}
