import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { iamRoleArn } from "../../model/access/iam";
import type { IdentityPlan } from "../../model/access/identity";
import { rolePolicies } from "../../model/access/role-policies";
import { type Laptop, startLaptop } from "../../tools/laptop/laptop";
import { layersOf, stackOf, synthApp } from "../helpers/app";
import type { TerraformJson } from "../helpers/construct";
import { parse, testFile } from "../helpers/environment";
import { testUnless } from "../helpers/skip";
import { type ParameterStore, startParameterStore } from "./parameter-store";
import { FOLDER, notOnPath, run } from "./programs";

/** The examples are of an environment that is called dev, as everything in the docs. */
const environment = parse(testFile("everywhere").replace("name: everywhere", "name: dev"));
const stack = stackOf(synthApp(environment), "dev-access");
const cli = notOnPath("aws");

let laptop: Laptop;
let home: string;
const stores: ParameterStore[] = [];
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "home-"));
  laptop = await startLaptop(environment, layersOf(environment), () => undefined);
}, 120_000);
afterAll(async () => {
  for (const store of stores) await store.stop();
  await laptop?.stop();
  rmSync(home, { recursive: true, force: true });
});

describe("the EC2 instance of docs/clients.md", () => {
  testUnless(
    cli ?? notOnPath("curl"),
    "finds by its user data all that a program connects with, asking for no more than its role may have",
    async () => {
      const { PGSSLROOTCERT: ca = "", ...variables } = await variablesOf("old-shop");
      const { AWS_EC2_METADATA_SERVICE_ENDPOINT = "" } = variables;
      const store = await storeOf("old-shop");
      const folder = join(home, "etc/database");
      const ran = await run(
        ["bash", join(FOLDER, "ec2/user-data.sh")],
        {
          AWS_EC2_METADATA_SERVICE_ENDPOINT,
          AWS_ENDPOINT_URL_SSM: store.url,
          DATABASE_FOLDER: folder,
        },
        home,
      );
      expect(ran).toEqual({ output: "", status: 0 });
      expect(new Set(store.asked)).toEqual(
        new Set([
          "ssm:GetParametersByPath /dev/database/old-shop",
          "ssm:GetParameter /dev/database/rds-ca.pem",
        ]),
      );

      const connection = parseEnv(readFileSync(join(folder, "connection.env"), "utf8"));
      expect(connection).toEqual({
        ...Object.fromEntries(Object.entries(variables).filter(([name]) => /^PG|^AWS_REGION$/.test(name))),
        PGSSLROOTCERT: join(folder, "rds-ca.pem"),
      });
      expect(readFileSync(join(folder, "rds-ca.pem"), "utf8")).toBe(
        `${readFileSync(ca, "utf8").trimEnd()}\n`,
      );
      // Programs run as users of their own.
      expect(statSync(join(folder, "connection.env")).mode & 0o777).toBe(0o644);
      expect(await run(NODE, { ...defined(connection), AWS_EC2_METADATA_SERVICE_ENDPOINT }, home)).toEqual({
        output: expect.stringMatching(/^connected to shop as old_shop\n/),
        status: 0,
      });
    },
    120_000,
  );

  testUnless(
    cli ?? notOnPath("curl"),
    "leaves no half of a file behind when its role may not read the parameters, and says why",
    async () => {
      const { AWS_EC2_METADATA_SERVICE_ENDPOINT = "" } = await variablesOf("old-shop");
      const store = await storeOf("nightly-report");
      const folder = join(home, "not/there");
      const { output, status } = await run(
        ["bash", join(FOLDER, "ec2/user-data.sh")],
        {
          AWS_EC2_METADATA_SERVICE_ENDPOINT,
          AWS_ENDPOINT_URL_SSM: store.url,
          DATABASE_FOLDER: folder,
        },
        home,
      );
      expect(output).toContain("AccessDeniedException");
      expect(status).not.toBe(0);
      expect(() => statSync(folder)).toThrow("ENOENT");
    },
    120_000,
  );
});

interface TaskDefinition {
  readonly taskRoleArn: string;
  readonly containerDefinitions: readonly {
    readonly entryPoint: readonly [string, ...string[]];
    readonly command: readonly string[];
    readonly environment: readonly { readonly name: string; readonly value: string }[];
    readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
  }[];
}

describe("the ECS task of docs/clients.md", () => {
  const file = resolve(FOLDER, "ecs/task-definition.json");
  const { taskRoleArn, containerDefinitions }: TaskDefinition = JSON.parse(readFileSync(file, "utf8"));
  const [container] = containerDefinitions;
  if (!container) throw new Error("the task has no container");

  test("has the role that is made, and every parameter of its service and no other", () => {
    expect(taskRoleArn).toBe(iamRoleArn(laptop.plan, identityOf("nightly-report")));
    const secrets = Object.fromEntries(container.secrets.map(({ name, valueFrom }) => [valueFrom, name]));
    const own = [...parametersOf(stack).keys()].filter((name) =>
      name.startsWith("/dev/database/nightly-report/"),
    );
    expect(secrets).toEqual({
      ...Object.fromEntries(own.map((name) => [name, name.split("/").at(-1)])),
      "/dev/database/rds-ca.pem": "RDS_CA",
    });
  });

  testUnless(
    cli,
    "is one that ECS takes",
    async () => {
      const { output, status } = await run(
        [
          "aws",
          "ecs",
          "register-task-definition",
          "--cli-input-json",
          `file://${file}`,
          "--generate-cli-skeleton",
          "output",
          "--region",
          "eu-west-1",
        ],
        {},
        home,
      );
      expect([status, output]).toEqual([0, expect.stringContaining("taskDefinitionArn")]);
    },
    60_000,
  );

  test("connects in its container, with the variables and the credentials that ECS gives it", async () => {
    const { PGSSLROOTCERT: ca = "", ...variables } = await variablesOf("nightly-report");
    const values = await valuesOf("nightly-report");
    const ecs = Object.fromEntries(
      container.secrets.map(({ name, valueFrom }) => [name, values.get(valueFrom) ?? "missing"]),
    );
    const credentials = Object.entries(variables).filter(([name]) => name.startsWith("AWS_CONTAINER_"));
    const inImage = Object.fromEntries(container.environment.map(({ name, value }) => [name, value]));
    expect(inImage).toEqual({ PGSSLROOTCERT: "/tmp/rds-ca.pem" });
    const PGSSLROOTCERT = join(home, "task-ca.pem");
    const [shell, ...args] = [...container.entryPoint, ...container.command];
    const { output, status } = await run(
      ["sh", "-c", `cd ${FOLDER}/node && exec "$@"`, "sh", shell ?? "sh", ...args],
      { ...ecs, PGSSLROOTCERT, ...Object.fromEntries(credentials) },
      home,
    );
    expect({ output, status }).toEqual({
      output: "connected to a reader of shop as nightly_report\n",
      status: 0,
    });
    expect(readFileSync(PGSSLROOTCERT, "utf8")).toBe(readFileSync(ca, "utf8"));
  }, 120_000);
});

describe("the CI job of docs/clients.md", () => {
  const missing = cli ?? notOnPath("psql");
  const ROLE_ARN = "arn:aws:iam::123456789012:role/dev-db-deployments";

  async function connects(externalId: string | undefined, byProfile = false) {
    const { AWS_SHARED_CREDENTIALS_FILE = "", AWS_ENDPOINT_URL_STS = "" } = await variablesOf("deployments");
    const store = await storeOf("deployments");
    const [, ...principal] = readFileSync(AWS_SHARED_CREDENTIALS_FILE, "utf8").trimEnd().split("\n");
    const credentials = principal
      .map((line) => line.split(" = "))
      .map(([name = "", value]) => [name.toUpperCase(), value]);
    return run(
      ["sh", join(FOLDER, "ci/connect.sh"), "-AtXc", "SELECT session_user"],
      {
        ...(byProfile
          ? { AWS_SHARED_CREDENTIALS_FILE, AWS_PROFILE: "signed-in" }
          : Object.fromEntries(credentials)),
        AWS_REGION: "eu-west-1",
        AWS_ENDPOINT_URL_STS,
        AWS_ENDPOINT_URL_SSM: store.url,
        ROLE_ARN,
        ...(externalId !== undefined && { EXTERNAL_ID: externalId }),
        PARAMETERS: "/dev/database",
        SERVICE: "deployments",
        TMPDIR: home,
      },
      home,
    );
  }

  testUnless(
    missing,
    "takes the role as one of its principals, reads how to connect, and connects",
    async () => {
      const connected = { output: "deployments\n", status: 0 };
      expect([await connects("acme-7f3c"), await connects("acme-7f3c", true)]).toEqual([
        connected,
        connected,
      ]);
    },
    120_000,
  );

  testUnless(
    missing,
    "is refused without the external id, and with another",
    async () => {
      for (const externalId of [undefined, "acme-0000"]) {
        const { output, status } = await connects(externalId);
        expect(output).toContain("AccessDenied");
        expect(status).not.toBe(0);
      }
    },
    120_000,
  );
});

const NODE = ["node", join(FOLDER, "node/connect.mjs")] as const;

async function variablesOf(key: string): Promise<Readonly<Record<string, string>>> {
  const files = (await laptop.signInFiles()).get(key);
  if (!files) throw new Error(`the laptop has no files of ${key}`);
  return files.variables;
}

/** The parameters that the access stack makes, as Terraform has them: hosts are references. */
function parametersOf({ resource = {} }: TerraformJson): ReadonlyMap<string, string> {
  const made = Object.values(resource.aws_ssm_parameter ?? {});
  return new Map(made.map(({ name, insecure_value }) => [String(name), String(insecure_value)]));
}

/** The same with what they hold on this machine, of one service and the certificates. */
async function valuesOf(key: string): Promise<ReadonlyMap<string, string>> {
  const { PGSSLROOTCERT: ca = "", ...variables } = await variablesOf(key);
  const values = new Map<string, string>();
  for (const [name, value] of parametersOf(stack)) {
    const [, service, variable = ""] = /^\/dev\/database\/([^/]+)(?:\/(.+))?$/.exec(name) ?? [];
    if (service === key) values.set(name, variables[variable] ?? `${variable} is not set`);
    if (service === "rds-ca.pem") values.set(name, readFileSync(ca, "utf8"));
    // Where the database listens is the only thing that Terraform knows and the file does not.
    if (service === key && !/^PG(HOST|HOST_READER|PORT)$/.test(variable)) {
      expect([name, value]).toEqual([name, variables[variable]]);
    }
  }
  return values;
}

/** The Parameter Store with the parameters of a service, which shows what its role may see. */
async function storeOf(key: string): Promise<ParameterStore> {
  const { plan } = laptop;
  const allowed = rolePolicies(plan, identityOf(key), ["cluster-ABC"])
    .flatMap(({ document }) => document.Statement)
    .filter(({ Effect }) => Effect === "Allow");
  const store = await startParameterStore({
    parameters: await valuesOf(key),
    may: (action, name) => {
      const resource = `arn:aws:ssm:${plan.region}:${plan.account}:parameter${name}`;
      return allowed.some(
        ({ Action, Resource = [] }) =>
          [Action].flat().includes(action) && [Resource].flat().includes(resource),
      );
    },
  });
  stores.push(store);
  return store;
}

function identityOf(key: string): IdentityPlan {
  const identity = laptop.plan.identities.find((each) => each.key === key);
  if (!identity) throw new Error(`there is no ${key}`);
  return identity;
}

function defined(variables: NodeJS.Dict<string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
