import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { CLIENTS, run } from "../../examples/programs";
import { beforeTests } from "../../helpers/before-tests";
import { testUnless } from "../../helpers/skip";
import { startFixture } from "../../tools/laptop/gateway/fixture";
import { usePod } from "../../tools/laptop/token-service/pod";
import { useAws } from "../../tools/laptop/token-service/support";
import { AWS_CLIENTS, CREDENTIAL_CAUSES } from "./credentials-causes";
import { differences, ROWS, type Seen } from "./page";

const TIMEOUT = 300_000;
const aws = useAws();
const pod = usePod(aws);
// Some clients ask for credentials only when a database asks for a token.
const database = beforeTests(() => startFixture(), TIMEOUT);
const home = mkdtempSync(join(tmpdir(), "home-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const seen: Seen[] = [];

describe.each(CLIENTS)("what people see of the $name client", ({ name, command, missing }) => {
  testUnless(
    missing,
    "fails without credentials, and says so",
    async () => {
      const by = AWS_CLIENTS[name] ?? name;
      for (const cause of CREDENTIAL_CAUSES.filter(({ only }) => only === undefined || only === by)) {
        const variables = await cause.variables({ aws, home, variables: inPod() });
        const { status, output } = await run(command, variables, home);
        expect({ cause: cause.name, failed: status !== 0 }).toEqual({ cause: cause.name, failed: true });
        seen.push({ heading: cause.heading, by, output });
      }
    },
    TIMEOUT,
  );
});

test("the runbook has what people see without credentials, and nothing else", () => {
  const headings = new Set(CREDENTIAL_CAUSES.map(({ heading }) => heading));
  const rows = ROWS.filter(({ heading }) => headings.has(heading));
  expect(differences(rows, seen, Object.values(AWS_CLIENTS))).toEqual([]);
});

/** What a pod has. */
function inPod(): Readonly<Record<string, string>> {
  const ca = join(home, "ca.pem");
  writeFileSync(ca, database.ca);
  return {
    ...pod.environment(),
    PGHOST: "localhost",
    PGPORT: String(database.gateway.port),
    PGDATABASE: "postgres",
    PGUSER: "orders_api",
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: ca,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}
