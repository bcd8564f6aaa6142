import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createAuthority } from "../../lib/certificates";
import { type Laptop, startLaptop } from "../../tools/laptop/laptop";
import type { SignInFiles } from "../../tools/laptop/sign-in-files";
import { layersOf } from "../helpers/app";
import { parse, testFile } from "../helpers/environment";
import { testUnless } from "../helpers/skip";
import { CLIENTS, FOLDER, notOnPath, run } from "./programs";

let laptop: Laptop;
let signIns: ReadonlyMap<string, SignInFiles>;
let foreignCa: string;
/** Where the AWS CLI keeps credentials between its runs. */
let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "home-"));
  laptop = await start();
  signIns = await laptop.signInFiles();
  foreignCa = join(home, "foreign-ca.pem");
  writeFileSync(foreignCa, (await createAuthority("Somebody else")).certificate);
}, 120_000);
afterAll(async () => {
  await laptop?.stop();
  rmSync(home, { recursive: true, force: true });
});

describe.each(CLIENTS)("the $name client", ({ command, missing, oneHost, files }) => {
  testUnless(
    missing,
    "connects as services with nothing but what their pods have, and as people with what they have",
    async () => {
      for (const key of ["orders-api", "message-board-migrations", "on-call"]) {
        const { PGHOST_READER, ...alone } = variables(key);
        const { status, output } = await run(command, alone, home);
        expect({ output, status }).toEqual({ output: connectedAs(key), status: 0 });
      }
    },
    120_000,
  );

  testUnless(
    missing,
    "connects to the readers as well, and where its pods have no other host to them alone",
    async () => {
      const { PGHOST_READER = "", ...alone } = variables("orders-api");
      const onReader = connectedAs("orders-api").replace("to ", "to a reader of ");
      expect(
        await run(command, oneHost ? { ...alone, PGHOST: PGHOST_READER } : variables("orders-api"), home),
      ).toEqual({
        output: oneHost ? onReader : `${connectedAs("orders-api")}${onReader}`,
        status: 0,
      });
      expect(await run(command, variables("reporting"), home)).toEqual({
        output: "connected to a reader of shop as reporting\n",
        status: 0,
      });
    },
    120_000,
  );

  testUnless(
    missing,
    "does not connect as a service whose role it has not",
    async () => {
      const { PGUSER = "" } = variables("billing-worker");
      const { status, output } = await run(command, { ...variables("orders-api"), PGUSER }, home);
      expect(output).toContain(`PAM authentication failed for user "${PGUSER}"`);
      expect(status).not.toBe(0);
    },
    120_000,
  );

  testUnless(
    missing,
    "sends nothing to a server whose certificate it cannot verify",
    async () => {
      const { status, output } = await run(
        command,
        { ...variables("orders-api"), PGSSLROOTCERT: foreignCa },
        home,
      );
      expect(output).toMatch(/certificate|PKIX path/);
      expect(status).not.toBe(0);
    },
    120_000,
  );

  for (const file of files) {
    test(`is in docs/clients.md as it is in ${file}`, () => {
      expect(readFileSync("docs/clients.md", "utf8")).toContain(readFileSync(join(FOLDER, file), "utf8"));
    });
  }
});

testUnless(
  notOnPath("psql") ?? notOnPath("aws"),
  "the AWS CLI takes a role anew for each laptop, though it keeps credentials for an hour",
  async () => {
    const command = CLIENTS.find(({ name }) => name === "psql")?.command ?? ["false"];
    const first = await run(command, variables("orders-api"), home);
    expect(first).toEqual({ output: connectedAs("orders-api"), status: 0 });
    const other = await start();
    try {
      const second = (await other.signInFiles()).get("orders-api")?.variables ?? {};
      expect(await run(command, second, home)).toEqual(first);
    } finally {
      await other.stop();
    }
  },
  120_000,
);

async function start(): Promise<Laptop> {
  const dev = parse(
    testFile("dev")
      .replace("readers: 0", "readers: 1")
      .replace(
        "  people:\n",
        "    reporting: { namespace: shop, endpoint: reader, grants: { shop.orders: read-only } }\n  people:\n",
      ),
  );
  return startLaptop(dev, layersOf(dev), () => undefined);
}

function variables(key: string): Readonly<Record<string, string>> {
  const files = signIns.get(key);
  if (!files) throw new Error(`no identity ${key}`);
  return files.variables;
}

function connectedAs(key: string): string {
  const { PGDATABASE, PGUSER } = variables(key);
  return `connected to ${PGDATABASE} as ${PGUSER}\n`;
}
