import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { startsWith } from "../../../../tools/review/infrastructure/differences";
import { fateOf } from "../../../../tools/review/infrastructure/types/fate";
import { providerInstallation, terraformMissing } from "../../../apply/helpers/providers";
import { run } from "../../../helpers/run";
import { testUnless } from "../../../helpers/skip";
import { type Probe, probesOf } from "./provider-probes";
import { type Json, stacks } from "./stacks";

const missing = terraformMissing();
const AWS = "registry.terraform.io/hashicorp/aws";

/** The first resource of each type of the AWS provider, with each of its attributes changed. */
const probes: readonly Probe[] = [
  ...new Map<string, Json>(
    [...stacks()].flatMap(([, stack]) =>
      Object.entries<Json>(stack.resource).map(([type, byName]): [string, Json] => [
        type,
        Object.values(byName)[0],
      ]),
    ),
  ),
]
  .filter(([type]) => type.startsWith("aws_"))
  .flatMap(([type, resource]) => probesOf(type, resource));

describe("the provider itself", () => {
  const folder = mkdtempSync(join(tmpdir(), "probes-"));
  const env = { TF_CLI_CONFIG_FILE: join(folder, "cli.tfrc"), CHECKPOINT_DISABLE: "1" };
  const terraform = (...args: string[]) => run("terraform", args, { cwd: folder, env });
  /** What a command prints as JSON, which may be more than a pipe of ours takes. */
  const json = (command: string): Json => {
    expect(run("sh", ["-c", `terraform ${command} > out.json`], { cwd: folder, env })).toMatchObject({
      status: 0,
    });
    return JSON.parse(readFileSync(join(folder, "out.json"), "utf8"));
  };
  const write = (name: string, value: unknown) =>
    writeFileSync(join(folder, name), JSON.stringify(value, null, 1));
  const refused = new Set<number>();
  let replaced: ReadonlyMap<string, string[][]>;

  beforeAll(() => {
    if (missing) return;
    writeFileSync(env.TF_CLI_CONFIG_FILE, providerInstallation());
    write("main.tf.json", { terraform: { required_providers: { aws: { source: "hashicorp/aws" } } } });
    expect(terraform("init", "-input=false")).toMatchObject({ status: 0 });
    const { resource_schemas: schemas } = json("providers schema -json").provider_schemas[AWS];
    write("terraform.tfstate", state(schemas));
    // What a provider refuses is no value for the attribute: it is left out, and what is left is counted.
    for (let tries = 0; tries < 4; tries++) {
      write("main.tf.json", configuration(refused));
      const { status, stderr } = terraform(
        "plan",
        "-refresh=false",
        "-input=false",
        "-no-color",
        "-lock=false",
        "-out=plan",
      );
      if (status === 0) break;
      for (const [, index] of stderr.matchAll(/\.probe-(\d+)[,:]/g)) refused.add(Number(index));
    }
    const { resource_changes: changes } = json("show -json plan");
    replaced = new Map(
      changes.map(({ address, change }: Json) => [
        address,
        (change.replace_paths ?? []).map((path: Json[]) => path.filter((key) => typeof key === "string")),
      ]),
    );
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  testUnless(
    missing,
    "replaces a resource by the attributes that the tables say, and by no other that a stack gives",
    () => {
      expect(probes.length - refused.size).toBeGreaterThan(150);
      const wrong = probes.flatMap(({ type, path }, index) => {
        if (refused.has(index)) return [];
        const paths = replaced.get(`${type}.probe-${index}`);
        const says = paths?.some((each) => startsWith(path, each) || startsWith(each, path))
          ? "replaced"
          : "in place";
        return says === fateOf(type, path)
          ? []
          : [`${type}.${path.join(".")}: ${says}, and the table says ${fateOf(type, path)}`];
      });
      expect(wrong).toEqual([]);
    },
  );
});

/** Nothing here is reached: what is planned is not refreshed, and the keys are nobody's. */
function configuration(refused: ReadonlySet<number>): Json {
  const endpoint = "http://127.0.0.1:9";
  const provider = {
    region: "eu-west-1",
    access_key: "none",
    secret_key: "none",
    max_retries: 0,
    skip_credentials_validation: true,
    skip_requesting_account_id: true,
    skip_metadata_api_check: "true",
    skip_region_validation: true,
    endpoints: [{ ec2: endpoint, eks: endpoint, iam: endpoint, kms: endpoint, rds: endpoint, sts: endpoint }],
  };
  const resource: Json = {};
  for (const [index, { type, after }] of probes.entries()) {
    if (!refused.has(index)) resource[type] = { ...resource[type], [`probe-${index}`]: after };
  }
  const providers = { aws: { source: "hashicorp/aws" } };
  return { terraform: { required_providers: providers }, provider: { aws: [provider] }, resource };
}

function state(schemas: Json): Json {
  return {
    version: 4,
    terraform_version: "1.11.0",
    serial: 1,
    lineage: "probes",
    outputs: {},
    resources: probes.map(({ type, before }, index) => ({
      mode: "managed",
      type,
      name: `probe-${index}`,
      provider: `provider["${AWS}"]`,
      instances: [
        {
          schema_version: schemas[type].version,
          attributes: { ...inBlocks(schemas[type].block, before), id: `probe-${index}` },
        },
      ],
    })),
  };
}

/** Blocks are lists in a state, and may be written as one in a configuration. */
function inBlocks(schema: Json, body: Json): Json {
  return Object.fromEntries(
    Object.entries<Json>(body).map(([name, value]) => {
      const inner = schema.block_types?.[name]?.block;
      const list = Array.isArray(value) ? value : [value];
      return [name, inner ? list.map((each: Json) => inBlocks(inner, each)) : value];
    }),
  );
}
