import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { run } from "../../examples/programs";
import { beforeTests } from "../../helpers/before-tests";
import { testUnless } from "../../helpers/skip";
import { startProxyFixture } from "../../tools/laptop/proxy/fixture";
import { compileProbes, DRIVERS } from "./drivers";
import { differences, ROWS, type Seen } from "./page";
import { PROXY_CAUSES, type ProxyCause } from "./proxy-causes";

const TIMEOUT = 300_000;
const proxy = beforeTests(() => startProxyFixture({ sessions: 1, borrowTimeout: 500 }), TIMEOUT);
const home = mkdtempSync(join(tmpdir(), "home-"));
beforeAll(() => {
  writeFileSync(join(home, "ca.pem"), proxy.ca);
  for (const user of ["legacy", "nobody"]) proxy.iam.proxied.add(user);
  compileProbes();
}, TIMEOUT);
afterAll(() => rmSync(home, { recursive: true, force: true }));

const seen: Seen[] = [];

describe.each(DRIVERS)("what people see of the proxy in $name", (driver) => {
  testUnless(
    driver.missing,
    "fails whatever is wrong, and says so",
    async () => {
      for (const cause of PROXY_CAUSES) {
        const inUse = cause.full && (await proxy.connect());
        const { status, output } = await run(driver.command([]), await variables(cause), home);
        if (inUse) await inUse.end();
        expect({ cause: cause.name, failed: status !== 0 }).toEqual({ cause: cause.name, failed: true });
        seen.push({ heading: cause.heading, by: driver.name, output });
      }
    },
    TIMEOUT,
  );
});

test("the runbook has what people see of the proxy, and nothing else", () => {
  const headings = new Set(PROXY_CAUSES.map(({ heading }) => heading));
  const rows = ROWS.filter(({ heading }) => headings.has(heading));
  const names = DRIVERS.map(({ name }) => name);
  expect(differences(rows, seen, names)).toEqual([]);
});

async function variables({ user = "orders_api", port, changes }: ProxyCause) {
  const token = { username: user, port: port?.(proxy) ?? proxy.gateway.port };
  return {
    PGHOST: "localhost",
    PGPORT: String(proxy.gateway.port),
    PGDATABASE: "postgres",
    PGUSER: user,
    PGPASSWORD: await proxy.token(proxy.iam.credentials(user), token),
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: join(home, "ca.pem"),
    PGCONNECT_TIMEOUT: "10",
    ...changes,
  };
}
