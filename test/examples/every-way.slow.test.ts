import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { unreachable } from "../../lib/unreachable";
import { type IdentityPlan, loginsOf } from "../../model/access/identity";
import { accessPlan } from "../../model/access/plan";
import { type Laptop, startLaptop } from "../../tools/laptop/laptop";
import { layersOf } from "../helpers/app";
import { testEnvironment } from "../helpers/environment";
import { testUnless } from "../helpers/skip";
import { CLIENTS, run } from "./programs";

const environment = testEnvironment("everywhere");
const plan = accessPlan(environment);

let laptop: Laptop;
let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "home-"));
  laptop = await startLaptop(environment, layersOf(environment), () => undefined);
}, 120_000);
afterAll(async () => {
  await laptop?.stop();
  rmSync(home, { recursive: true, force: true });
});

test("every kind of identity is among those that are tried", () => {
  const kinds = plan.identities.map((each) => (each.kind === "workload" ? each.runsOn : each.kind));
  expect([...new Set(kinds)].sort()).toEqual(
    ["ec2", "ecs", "lambda", "people", "principals", "role", "service"].sort(),
  );
  const ways = plan.identities.map(
    ({ through, endpoint }) => `${through ?? "database"} ${endpoint ?? "writer"}`,
  );
  expect([...new Set(ways)].sort()).toEqual(["database writer", "proxy reader", "proxy writer"]);
});

describe.each(CLIENTS)("the $name client", ({ command, missing, oneHost }) => {
  for (const identity of plan.identities) {
    testUnless(
      missing,
      `connects as ${identity.key} with what ${given(identity)} tells it`,
      async () => {
        const variables = await variablesOf(identity);
        expect(Object.keys(variables)).toContain(given(identity));
        expect(variables.PGHOST).toBe(hostOf(identity));
        const { database } = identity;
        const as = `as ${variables.PGUSER}\n`;
        const readers = `connected to a reader of ${database} ${as}`;
        const writer = `connected to ${database} ${as}`;
        const both = variables.PGHOST_READER === undefined || oneHost ? writer : `${writer}${readers}`;
        expect(await run(command, variables, home)).toEqual({
          output: identity.endpoint === "reader" ? readers : both,
          status: 0,
        });
      },
      120_000,
    );
  }

  testUnless(
    missing,
    "does not connect with any of them as somebody else",
    async () => {
      for (const identity of plan.identities) {
        const variables = await variablesOf(identity);
        const other = plan.identities.find(({ key }) => key !== identity.key);
        const PGUSER = other && loginsOf(other)[0].databaseUser;
        const { output, status } = await run(command, { ...variables, ...(PGUSER && { PGUSER }) }, home);
        expect([identity.key, output]).toEqual([
          identity.key,
          expect.stringMatching(REFUSED[identity.through ?? "database"](PGUSER ?? "")),
        ]);
        expect(status).not.toBe(0);
      }
    },
    240_000,
  );
});

/** What a refused login gets from either. */
const REFUSED = {
  database: (user: string) => `PAM authentication failed for user "${user}"`,
  proxy: (user: string) => `The IAM authentication failed for the role ${user}\\.`,
};

/** The variable by which AWS tells what runs as an identity where its credentials are, or who it is. */
function given(identity: IdentityPlan): string {
  switch (identity.kind) {
    case "service":
      return identity.takesRoleBy === undefined
        ? "AWS_WEB_IDENTITY_TOKEN_FILE"
        : "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
    case "workload":
      return {
        lambda: "AWS_SESSION_TOKEN",
        ecs: "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        ec2: "AWS_EC2_METADATA_SERVICE_ENDPOINT",
      }[identity.runsOn];
    case "role":
      return "AWS_SESSION_TOKEN";
    case "principals":
    case "people":
      return "AWS_PROFILE";
    default:
      return unreachable(identity);
  }
}

/** Where it connects: the proxy has hosts of its own. */
function hostOf({ through, endpoint }: IdentityPlan): string | undefined {
  const servers = through === "proxy" ? laptop.endpoints.proxy : laptop.endpoints;
  return servers?.[endpoint ?? "writer"]?.host;
}

async function variablesOf({ key }: IdentityPlan): Promise<Readonly<Record<string, string>>> {
  const files = (await laptop.signInFiles()).get(key);
  if (!files) throw new Error(`the laptop has no files of ${key}`);
  return files.variables;
}
