import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { UserError } from "../../../lib/user-error";
import { rdsCaBundle } from "../../../model/aws/ca-bundle";
import { chooseEnvironments, loadEnvironments } from "../../../model/config/load";
import { MINIMAL } from "../../helpers/environment";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "environments-"));
  for (const sub of ["good", "twins", "broken", "empty"]) mkdirSync(join(folder, sub));
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
  write("good/b.yaml", MINIMAL.replace("name: test", "name: beta"));
  write("good/a.yml", `${MINIMAL.replace("name: test", "name: alpha")}database: { caBundle: ca.pem }\n`);
  write("good/ca.pem", `# from the vault of \${var.team}\n${rdsCaBundle("eu-central-1")}\n`);
  write("good/notes.txt", "not an environment");
  write("twins/a.yaml", MINIMAL);
  write("twins/b.yaml", MINIMAL);
  write("broken/a.yaml", MINIMAL.replace("eu-west-1", "nowhere"));
  write("broken/b.yaml", "name: [\n");
  writeFileSync(
    join(folder, "broken/latin1.yaml"),
    Buffer.concat([Buffer.from("# \ufffd is a character\n# caf"), Buffer.from("\u00e9\n", "latin1")]),
  );
  writeFileSync(join(folder, "broken/utf16.yaml"), Buffer.from(`\ufeff${MINIMAL}`, "utf16le"));
  write("broken/c.yaml", `${MINIMAL}database: { caBundle: c.yaml }\n`);
  write("broken/big.yaml", `# ${"x".repeat(2 * 1024 * 1024)}`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const messages = (source: string): string[] => {
  try {
    loadEnvironments(source);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.messages.map((message) => message.replaceAll(`${folder}/`, ""));
  }
};

describe("ENVIRONMENTS", () => {
  test("may name a folder, whose .yaml and .yml files are loaded in the order of their names", () => {
    expect(loadEnvironments(join(folder, "good")).map(({ name }) => name)).toEqual(["alpha", "beta"]);
  });

  test("may list files, in any order", () => {
    const listed = `${join(folder, "good/b.yaml")}, ${join(folder, "good/a.yml")}`;
    expect(loadEnvironments(listed).map(({ name }) => name)).toEqual(["alpha", "beta"]);
  });

  test("may be of names in any script, and of none that says something in reports and SQL", () => {
    const load = (name: string) => {
      mkdirSync(join(folder, "named"));
      writeFileSync(join(folder, "named", name), MINIMAL);
      try {
        return messages(join(folder, "named"));
      } finally {
        rmSync(join(folder, "named"), { recursive: true });
      }
    };
    for (const name of ["größe (neu).yaml", "環境_1.yaml"]) expect(load(name)).toEqual([]);
    const hostile = ["a\n## Nobody.yaml", "a` | <b>.yaml", "a\u001b[31m.yaml", "a\u202eb.yaml", "${a}.yaml"];
    for (const name of hostile) {
      expect(load(name)).toEqual([
        `named/${name}:1:1: reports and SQL give the name of this file, which may be of letters, digits, spaces and . _ - / @ + = , ( ) only; rename it`,
      ]);
    }
  });

  test("that lies elsewhere leaves no absolute path in an environment", () => {
    // But for where its warnings are, which are for a terminal only.
    const environments = loadEnvironments(join(folder, "good")).map((each) => ({ ...each, warnings: [] }));
    expect(JSON.stringify(environments)).not.toContain(folder);
  });

  test("reports the problems of all files together", () => {
    expect(messages(join(folder, "broken"))).toEqual([
      'broken/a.yaml:3:9: must be an AWS region, got: "nowhere"',
      expect.stringMatching(/^broken\/b\.yaml:\d+:\d+: /),
      "broken/big.yaml:1:1: the file has 2.0 MiB; at most 1 MiB is read",
      "broken/c.yaml:11:23: c.yaml holds no PEM certificates, or something else beside them",
      "broken/latin1.yaml:2:6: the text from here on is not UTF-8; save the file in that encoding",
      "broken/utf16.yaml:1:1: the text from here on is not UTF-8; save the file in that encoding",
    ]);
  });

  test.each([
    [
      "twins",
      "twins/b.yaml:1:1: the name test is that of twins/a.yaml already; their stacks would be the same",
    ],
    ["empty", "empty: there is no .yaml file in this folder"],
    [
      "nowhere",
      "nowhere: there is no such file or folder; ENVIRONMENTS names a folder, or files separated by commas",
    ],
    ["nowhere.yaml", "nowhere.yaml: there is no such file or folder"],
    [
      "good/notes.txt",
      "good/notes.txt: this is a file, not a folder; ENVIRONMENTS names a folder, or files separated by commas",
    ],
  ])("%s is answered with one sentence", (path, message) => {
    expect(messages(join(folder, path))).toEqual([message]);
  });

  test("does not wait for a pipe or a device, which may never end", () => {
    expect(messages("/dev/zero,x.yaml")[0]).toBe("/dev/zero: this is not a regular file");
  });

  test("that is empty is refused", () => {
    expect(messages("")).toEqual(["ENVIRONMENTS is empty; name a folder, or files separated by commas"]);
  });
});

test("a custom CA bundle is what the environment trusts", () => {
  const [alpha] = loadEnvironments(join(folder, "good"));
  // Without the comments of the file, which Terraform would read as a template: ${…}.
  expect(alpha?.database.caBundle).toBe(rdsCaBundle("eu-central-1"));
});

test("an environment that does not exist is answered with the nearest that does", () => {
  const environments = loadEnvironments(join(folder, "good"));
  expect(chooseEnvironments(environments, ["beta"]).map(({ name }) => name)).toEqual(["beta"]);
  expect(chooseEnvironments(environments, [])).toHaveLength(2);
  expect(() => chooseEnvironments(environments, ["bta"])).toThrow(
    'there is no environment bta. Did you mean "beta"?',
  );
});
