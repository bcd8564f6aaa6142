import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse as parseYaml } from "yaml";
import { annotatedSchema } from "../../../../model/config/reference/json-schema";
import { keyGroups, keysOf } from "../../../../model/config/reference/key-table";
import { referencePage } from "../../../../model/config/reference/page";
import { problemsOf } from "../../../helpers/environment";
import { ROOT } from "../../../helpers/run";

const PAGE = referencePage();
const BLOCKS = [...PAGE.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = ""]) => yaml);
/** All but the last, which shows mistakes. */
const EXAMPLES = BLOCKS.slice(0, -1);

/** What an example of one section needs around it. */
const SETTINGS = 'name: dev\naccount: "123456789012"\nregion: eu-west-1\n';
const ACCESS = `access:
  databases: { board: [messages] }
  namespaces: { board: {} }
  services:
    message-board: { namespace: board, grants: { board.messages: read-write } }
    message-board-migrations: { namespace: board, grants: { board.messages: owner } }
  people:
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      grants: { board.messages: read-write }
`;

test("docs/environment-file.md is what the schema says (npm run schema)", () => {
  expect(readFileSync(join(ROOT, "docs/environment-file.md"), "utf8")).toBe(PAGE);
});

describe("the reference of the environment file", () => {
  test("has a row for every key, with its meaning", () => {
    const rows = [...PAGE.matchAll(/^\| `([^`]+)` \| \S/gm)].map(([, name]) => name);
    // Sections have a heading in place of a row.
    const sections = ["network", "cluster", "database", "access", "demo", "review", "verify"];
    const names = [
      ...keysOf(annotatedSchema()).filter(({ name }) => !sections.includes(name)),
      ...keyGroups(annotatedSchema()).flatMap(({ keys }) => keys),
    ].map(({ name }) => name);
    expect(names.length).toBeGreaterThan(60);
    expect(rows.sort()).toEqual(names.sort());
    expect(PAGE).not.toMatch(/^\| `[^|]+` \|\s+\|/m);
    expect(PAGE).not.toMatch(/undefined|\[object/);
  });

  test("has every section in a heading of its own, and every map in it that has keys", () => {
    const headings = [...PAGE.matchAll(/^##+ (\S.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(
      expect.arrayContaining([
        ...[
          "network",
          "network.existing",
          "cluster",
          "cluster.existing",
          "cluster.nodeGroups.&lt;node group>",
        ],
        ...["database", "database.existing", "database.capacity", "access", "demo", "backend"],
        ...["access.services.&lt;service>", "access.people.&lt;group of people>"],
      ]),
    );
  });

  test("shows files that load: each example has no mistake where it belongs", () => {
    expect(EXAMPLES.length).toBeGreaterThan(10);
    for (const yaml of EXAMPLES) {
      const has = (key: string) => Object.hasOwn(parseYaml(yaml), key);
      const text = [has("name") ? "" : SETTINGS, yaml, has("access") ? "" : ACCESS].join("");
      expect([yaml, problemsOf(text)]).toEqual([yaml, []]);
    }
  });

  test("starts with a complete file: one with nothing but what must be there, and a service", () => {
    const [file = ""] = EXAMPLES;
    const { access, ...settings } = parseYaml(file);
    expect(Object.keys(settings)).toEqual(["name", "account", "region"]);
    expect(Object.keys(access)).toEqual(["databases", "namespaces", "services"]);
    expect(problemsOf(file)).toEqual([]);
  });

  test("shows mistakes with what the loader says of them", () => {
    const mistaken = problemsOf(BLOCKS.at(-1) ?? "");
    expect(mistaken.length).toBeGreaterThan(5);
    for (const problem of mistaken) expect(PAGE).toContain(`/dev.yaml:${problem}\n`);
  });
});

test("every key that must be there has an example, which messages show", () => {
  const schema = annotatedSchema();
  const keys = [...keysOf(schema), ...keyGroups(schema).flatMap((group) => group.keys)];
  const required = keys.filter((key) => key.required);
  expect(required.length).toBeGreaterThan(15);
  expect(required.filter(({ schema }) => !schema.examples)).toEqual([]);
});
