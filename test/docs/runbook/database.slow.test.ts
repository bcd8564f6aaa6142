import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { run } from "../../examples/programs";
import { beforeTests } from "../../helpers/before-tests";
import { testUnless } from "../../helpers/skip";
import { Database } from "./database";
import { type Cause, DATABASE_CAUSES } from "./database-causes";
import { compileProbes, DRIVERS, type Driver } from "./drivers";
import { differences, FORMS, ROWS, type Seen, wrongForms } from "./page";

const TIMEOUT = 600_000;
const database = beforeTests(() => Database.start(), TIMEOUT);
const home = mkdtempSync(join(tmpdir(), "home-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

beforeAll(compileProbes, TIMEOUT);

const seen: Seen[] = [];

describe.each(DRIVERS)("what people see of $name", (driver) => {
  testUnless(
    driver.missing,
    "fails whatever is wrong, and says so",
    async () => {
      for (const cause of DATABASE_CAUSES) {
        const { status, output } = await bringAbout(cause, driver);
        expect({ cause: cause.name, failed: status !== 0 }).toEqual({ cause: cause.name, failed: true });
        seen.push({ heading: cause.heading, by: driver.name, output });
      }
    },
    TIMEOUT,
  );
});

test("the runbook has what people see of each driver, and nothing else", () => {
  const headings = new Set(DATABASE_CAUSES.map(({ heading }) => heading));
  const rows = ROWS.filter(({ heading }) => headings.has(heading));
  const names = DRIVERS.map(({ name }) => name);
  expect(differences(rows, seen, names)).toEqual([]);
});

test("the runbook says how each driver writes what PostgreSQL says, and nothing that it does not", () => {
  expect(wrongForms(ROWS, FORMS, seen)).toEqual([]);
});

async function bringAbout(cause: Cause, driver: Driver) {
  try {
    const variables = await (cause.variables?.(database) ?? database.variables());
    const running = run(driver.command(cause.statements ?? []), variables, home);
    // A client that failed before is not waited for.
    await Promise.race([cause.meanwhile?.(database).catch(() => {}) ?? running, running]);
    return await running;
  } finally {
    await database.rest();
    await cause.after?.(database);
    await database.rest();
  }
}
