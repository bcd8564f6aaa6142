import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { ROOT, run } from "./helpers/run";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

test("only test/snapshots reads environments/*.yaml, which people edit", () => {
  const readers = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.startsWith("snapshots"))
    .filter((file) =>
      /loadEnvironments\(\s*\)|(ROOT, |readFileSync\(|read\(|run\w*\(.*)["'`](\.\/)?environments\/[^"'`]*\.ya?ml/.test(
        read(join("test", file)),
      ),
    );
  expect(readers).toEqual([]);
});

test.each(["", "bench/tools/", "tools/postgres/servers/", "examples/clients/node/"])(
  "%spackage-lock.json carries no download address, and a digest of every package",
  (folder) => {
    const { packages }: { packages: Record<string, { inBundle?: boolean; integrity?: string }> } = JSON.parse(
      read(`${folder}package-lock.json`),
    );
    const { "": _, ...locked } = packages;
    for (const [path, entry] of Object.entries(locked)) {
      // What comes inside another package is covered by the digest of that one.
      if (!entry.inBundle) expect([path, entry.integrity]).toEqual([path, expect.stringMatching(/^sha512-/)]);
      expect(entry).not.toHaveProperty("resolved");
    }
  },
);

test.each([
  ["requirements.txt", "locked.txt"],
  ["frameworks.txt", "frameworks-locked.txt"],
])(
  "Python's %s is locked by digests in %s, all that it needs and of its versions",
  (requirements, locked) => {
    const packages = read(`examples/clients/python/${locked}`)
      .split(/^(?=\S)/m)
      .filter((part) => !part.startsWith("#"));
    for (const part of packages)
      expect(part).toMatch(/^[\w-]+==[\d.]+\S* .*\\\n( {4}--hash=sha256:[0-9a-f]{64}( \\)?\n)+$/);
    const versions = packages.map((part) => part.split(" ", 1)[0]);
    const asked = read(`examples/clients/python/${requirements}`)
      .replace("-r requirements.txt\n", read("examples/clients/python/requirements.txt"))
      .replaceAll(/\[\w+\]/g, "")
      .trim()
      .split("\n");
    expect(versions).toEqual(expect.arrayContaining(asked));
    expect(read("examples/clients/install.sh")).toContain(`--require-hashes -r python/${locked}`);
  },
);

describe("lint", () => {
  const folder = mkdtempSync(join(tmpdir(), "lint-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(["aws", "kubernetes", "postgresql"])(
    "refuses to import all of @cdktf/provider-%s",
    (provider) => {
      const { linter } = JSON.parse(read("biome.json"));
      writeFileSync(join(folder, "biome.json"), JSON.stringify({ linter }));
      for (const path of [`@cdktf/provider-${provider}`, `@cdktf/provider-${provider}/lib`]) {
        writeFileSync(join(folder, "x.ts"), `import { x } from "${path}";\n\nexport const y = x;\n`);
        const { status, stderr } = run(join(ROOT, "node_modules/.bin/biome"), ["lint", "x.ts"], {
          cwd: folder,
        });
        expect([status, stderr]).toEqual([1, expect.stringContaining("Import the one resource you need")]);
      }
      writeFileSync(
        join(folder, "x.ts"),
        `import { x } from "@cdktf/provider-${provider}/lib/x";\n\nexport const y = x;\n`,
      );
      expect(run(join(ROOT, "node_modules/.bin/biome"), ["lint", "x.ts"], { cwd: folder }).status).toBe(0);
    },
  );
});
