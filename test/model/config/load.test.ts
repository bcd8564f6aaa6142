import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { LOCK_FILE } from "../../../lib/provider-lock";
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

  test("brings the lock file beside an environment with it, and says what is wrong with one", () => {
    const lockFile = join(folder, "good", LOCK_FILE);
    expect(loadEnvironments(join(folder, "good"))[0]).not.toHaveProperty("providerLock");
    writeFileSync(lockFile, "# locked");
    expect(loadEnvironments(join(folder, "good")).map(({ providerLock }) => providerLock)).toEqual([
      "# locked",
      "# locked",
    ]);
    rmSync(lockFile);
    mkdirSync(lockFile);
    expect(messages(join(folder, "good"))).toEqual([`good/${LOCK_FILE}: this is a folder, not a file`]);
    rmSync(lockFile, { recursive: true });
  });

  test("that lies elsewhere leaves no absolute path in an environment, but for what a terminal is told", () => {
    const [alpha, beta] = loadEnvironments(join(folder, "good"));
    const always = beta?.warnings.filter(({ days }) => !days);
    expect(always?.map(({ place }) => place)).toEqual([join(folder, "good/b.yaml:1:1")]);
    for (const environment of [alpha, beta]) {
      const warnings = environment?.warnings.map(({ place: _, ...rest }) => rest);
      expect(JSON.stringify({ ...environment, warnings })).not.toContain(folder);
    }
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
      "twins/b.yaml:1:7: the name test is that of twins/a.yaml already; their stacks would be the same",
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

describe("environments of one account", () => {
  /** What is said of these files, each the minimal one with changes and more. */
  const said = (files: Readonly<Record<string, readonly [string, string]>>): string[] => {
    const source = join(folder, "between");
    mkdirSync(source);
    for (const [name, [services, more]] of Object.entries(files)) {
      const text = MINIMAL.replace("name: test", `name: ${name}`).replace(
        "    orders-api:",
        services || "    orders-api:",
      );
      writeFileSync(join(source, `${name}.yaml`), `${text}${more}\n`);
    }
    try {
      return messages(source);
    } finally {
      rmSync(source, { recursive: true });
    }
  };
  const block = (number: number) => `network: { cidr: 10.${number}.0.0/16 }`;

  test("do not make IAM roles of one name", () => {
    const found = said({ dev: ["    db-orders-api:", block(1)], "dev-db": ["", block(2)] });
    expect(found).toEqual([
      'between/dev.yaml:8:5: the IAM role "dev-db-db-orders-api" would be that of dev-db (between/dev-db.yaml) as well, in the same account; rename one',
    ]);
  });

  test("may make them in different accounts", () => {
    const dev = MINIMAL.replace("name: test", "name: dev").replace("orders-api:", "db-orders-api:");
    const other = MINIMAL.replace("name: test", "name: dev-db");
    const write = (account: string) => {
      writeFileSync(join(folder, "a.yaml"), dev);
      writeFileSync(join(folder, "b.yaml"), other.replace("123456789012", account));
      return messages(`${join(folder, "a.yaml")},${join(folder, "b.yaml")}`);
    };
    expect(write("210987654321")).toEqual([]);
    expect(write("123456789012")).not.toEqual([]);
  });

  test("do not make launch templates of one name", () => {
    const group = (name: string) => `cluster: { nodeGroups: { ${name}: {} } }`;
    expect(
      said({
        dev: ["", `${block(1)}\n${group("eks-general")}`],
        "dev-eks": ["", `${block(2)}\n${group("general")}`],
      }),
    ).toEqual([
      'between/dev.yaml:12:26: the launch template "dev-eks-eks-general" would be that of dev-eks (between/dev-eks.yaml) as well, in the same account; rename one',
    ]);
  });

  test("do not share what they make in one database and one EKS cluster", () => {
    const adopted = `cluster: { existing: { name: platform } }\ndatabase: { existing: { cluster: shop } }`;
    expect(said({ blue: ["", `${block(1)}\n${adopted}`], green: ["", `${block(2)}\n${adopted}`] })).toEqual([
      'between/green.yaml:5:16: the database "shop" would be that of blue (between/blue.yaml) as well, in the same database server; rename one',
      'between/green.yaml:6:17: the namespace "shop" would be that of blue (between/blue.yaml) as well, in the same EKS cluster; rename one, or call it { existing: true } in the file that does not make it',
      'between/green.yaml:8:5: the PostgreSQL role "orders_api" would be that of blue (between/blue.yaml) as well, in the same database server; rename one',
      expect.stringMatching(/^between\/green\.yaml:13:13: the security group rule "from platform to shop"/),
    ]);
  });

  test("may have networks that overlap, which is said of the second", () => {
    writeFileSync(
      join(folder, "overlap-a.yaml"),
      `${MINIMAL.replace("name: test", "name: a")}network: { cidr: 10.40.0.0/16 }\n`,
    );
    writeFileSync(
      join(folder, "overlap-b.yaml"),
      `${MINIMAL.replace("name: test", "name: b")}network: { cidr: 10.40.128.0/20 }\n`,
    );
    const [a, b] = loadEnvironments(
      `${join(folder, "overlap-a.yaml")},${join(folder, "overlap-b.yaml")}`,
    ).map(({ warnings }) => warnings.filter(({ days }) => !days));
    expect(a).toEqual([]);
    expect(b?.map(({ key, message }) => [key, message])).toEqual([
      [
        "network.cidr",
        "the block 10.40.128.0/20 overlaps 10.40.0.0/16 of a in the same account and region, so that the two can never be connected; choose another before the first deployment",
      ],
    ]);
  });
});
