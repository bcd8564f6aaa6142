import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import { run, runScript } from "../helpers/run";
import { testUnless } from "../helpers/skip";
import { contents, makeLegacyShop } from "../tools/adopt/legacy-shop";

const psqlMissing = run("psql", ["--version"]).status === 0 ? undefined : "psql is not installed";

/** A file as it is before anybody says who may do what, with what a person wrote beside it. */
const FILE = `# Ours, since 2019.
name: live
account:   "123456789012"   # production
region: eu-west-1
database:
  existing: { cluster: shop }
`;

describe("a company's server that is adopted by command", () => {
  let server: EmbeddedServer;
  let env: Record<string, string>;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    server = await startServer();
    await makeLegacyShop(server);
  }, 60_000);
  afterAll(() => server?.stop());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "adopt-"));
    file = join(folder, "live.yaml");
    writeFileSync(file, FILE);
    env = {
      ENVIRONMENTS: folder,
      CDKTF_OUTDIR: join(folder, "out"),
      PGHOST: "localhost",
      PGPORT: String(server.port),
      PGUSER: "",
      PGPASSWORD: server.adminPassword,
      PGSSLROOTCERT: server.caFile,
    };
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const command = (script: string, ...args: readonly string[]) => {
    const { status, stdout, stderr } = runScript(script, args, { env });
    expect(stderr).not.toMatch(/^\s+at /m);
    return { status, stdout, stderr };
  };

  const files = () => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  /** Runs a script as the docs say. */
  const psql = (name: string) => {
    const connection = `host=localhost port=${server.port} user=postgres dbname=postgres sslmode=verify-full sslrootcert=${server.caFile}`;
    const { status, stdout, stderr } = run(
      "psql",
      [connection, "-X", "-f", join(folder, "adopt/live", name)],
      { env },
    );
    return { status, stdout, stderr };
  };

  test("without --write it says what it would do, and writes nothing", () => {
    const { status, stdout, stderr } = command("adopt", "live");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^access:\n {2}databases:\n/);
    expect(stdout).toContain("What is in public moves to shop: ");
    expect(stdout).toContain("things are not as the model has it:");
    expect(stdout).toContain(`Nothing is written. With --write:\n  ${file} gets the section access\n`);
    expect(files()).toEqual(["live.yaml"]);
    expect(read("live.yaml")).toBe(FILE);
  });

  test("what was in the file stays to the byte, and what somebody else wrote in a place of ours stops it before anything is written", () => {
    mkdirSync(join(folder, "adopt/live"), { recursive: true });
    writeFileSync(join(folder, "adopt/live/shop.move.sql"), "SELECT 1;");
    const { status, stderr } = command("adopt", "live", "--write");
    expect([status, stderr]).toEqual([
      1,
      `${folder}/adopt/live/shop.move.sql is there, and this command did not write it; move it away\n`,
    ]);
    expect(read("live.yaml")).toBe(FILE);
    rmSync(join(folder, "adopt"), { recursive: true });
    expect(command("adopt", "live", "--write").status).toBe(0);
    expect(read("live.yaml").startsWith(FILE)).toBe(true);
    expect(command("synth", "live").status).toBe(0);
  });

  test("a section that does not say that its database was there is told the line to add", () => {
    writeFileSync(
      file,
      `${FILE}access:\n  databases: { shop: [shop] }\n  namespaces: { shop: {} }\n  services:\n    a: { namespace: shop, grants: { shop.shop: owner } }\n`,
    );
    const { status, stderr } = command("adopt", "live", "--write");
    expect([status, stderr]).toEqual([
      1,
      `${file}: shop is there already; say so under access, by adopted: { shop: {} }, and run this again (docs/adopting.md)\n`,
    ]);
    expect(files()).toEqual(["live.yaml"]);
  });

  // Last: afterwards the server is no longer as it was.
  testUnless(
    psqlMissing,
    "the whole way: written, edited, written again, run, verified, finished, and verified to be as planned",
    async () => {
      const rows = await contents(server, "public");
      expect(command("adopt", "live", "--write")).toMatchObject({ status: 0, stderr: "" });
      expect(files()).toEqual([
        "adopt",
        "adopt/live",
        "adopt/live/beyond.md",
        "adopt/live/shop.finish.sql",
        "adopt/live/shop.move.sql",
        "live.yaml",
      ]);
      // What was there is not the application's first name for it, and the list is gone through.
      writeFileSync(
        file,
        read("live.yaml")
          .replaceAll(/\bshop\.shop\b/g, "shop.app")
          .replace(/\[ ?billing, shop ?\]/, "[billing, app]")
          .replaceAll(/\[ ?shop, public ?\]/g, "[app, public]")
          .replace("public: shop", "public: app"),
      );
      writeFileSync(join(folder, "adopt/live/beyond.md"), read("adopt/live/beyond.md").replace("[ ]", "[x]"));
      expect(command("adopt", "live", "--write")).toMatchObject({ status: 0, stderr: "" });
      expect(read("adopt/live/shop.move.sql")).toContain('CREATE SCHEMA IF NOT EXISTS "app"');
      expect(read("adopt/live/beyond.md")).toContain("[x]");

      expect(psql("shop.move.sql")).toEqual({ status: 0, stdout: "changed\n", stderr: "" });
      expect(psql("shop.move.sql")).toEqual({ status: 0, stdout: "nothing to change\n", stderr: "" });
      expect(await contents(server, "app")).toEqual(rows);
      const meanwhile = command("verify", "live");
      expect(meanwhile.status).toBe(2);
      expect(psql("shop.finish.sql")).toEqual({ status: 0, stdout: "changed\n", stderr: "" });
      expect(command("verify", "live")).toMatchObject({ status: 0, stderr: "" });
      expect(command("adopt", "live", "--write").status).toBe(0);
      expect(psql("shop.move.sql")).toEqual({ status: 0, stdout: "nothing to change\n", stderr: "" });
    },
    60_000,
  );
});
