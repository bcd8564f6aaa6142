import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { terraformMissing } from "../apply/helpers/providers";
import { TerraformWorkspace } from "../apply/helpers/terraform";
import { testFile } from "../helpers/environment";
import { testUnless } from "../helpers/skip";
import { AURORA, CLUSTER, INSTANCE, mixName, mixYaml, NETWORK, OTHER_CLUSTER } from "./existing-mixes";

const missing = terraformMissing();

describe.each(["dev", "prod"] as const)("terraform validate of %s.yaml", (name) => {
  let terraform: TerraformWorkspace;
  beforeAll(() => {
    if (missing) return;
    terraform = new TerraformWorkspace({});
    terraform.synth(testFile(name));
  }, 60_000);
  afterAll(() => terraform?.remove());

  const validate = async (stack: string) =>
    JSON.parse((await terraform.run(stack, "validate", "-json")).text);

  for (const layer of ["network", "eks", "database"]) {
    testUnless(
      missing,
      `accepts the ${layer} stack`,
      async () => {
        const stack = `${name}-${layer}`;
        const init = await terraform.run(stack, "init", "-backend=false", "-input=false");
        expect(init).toMatchObject({ status: 0 });
        expect(await validate(stack)).toMatchObject({ valid: true, error_count: 0, warning_count: 0 });
      },
      120_000,
    );
  }

  testUnless(
    missing,
    "refuses a Terraform that is too old",
    async () => {
      const file = join(terraform.directory(`${name}-network`), "versions.tf");
      const asked = readFileSync(file, "utf8");
      writeFileSync(file, asked.replace("1.11.0", "99.0.0"));
      const init = await terraform.run(`${name}-network`, "init", "-backend=false", "-input=false");
      expect(init).toMatchObject({
        status: 1,
        text: expect.stringContaining("Unsupported Terraform Core version"),
      });
      writeFileSync(file, asked);
    },
    120_000,
  );

  testUnless(
    missing,
    "refuses a stack that is wrong",
    async () => {
      const file = join(terraform.directory(`${name}-network`), "cdk.tf.json");
      writeFileSync(file, readFileSync(file, "utf8").replace('"cidr_block"', '"cidr_blok"'));
      expect(await validate(`${name}-network`)).toMatchObject({ valid: false });
    },
    120_000,
  );
});

describe("terraform validate of what exists already", () => {
  let terraform: TerraformWorkspace;
  beforeAll(() => {
    if (!missing) terraform = new TerraformWorkspace({});
  });
  afterAll(() => terraform?.remove());

  // Between them, every layer both existing and made, and every key of `existing`.
  const mixes = [
    { network: NETWORK, cluster: "", database: AURORA },
    { network: NETWORK, cluster: OTHER_CLUSTER, database: INSTANCE },
    { network: "", cluster: CLUSTER, database: "" },
  ];
  for (const mix of mixes) {
    testUnless(
      missing,
      `accepts ${mixName(mix)}`,
      async () => {
        terraform.synth(mixYaml(mix));
        for (const stack of ["test-network", "test-eks", "test-database"]) {
          expect(await terraform.init(stack)).toMatchObject({ status: 0 });
          const { text } = await terraform.run(stack, "validate", "-json");
          expect(JSON.parse(text)).toMatchObject({ valid: true, error_count: 0, warning_count: 0 });
        }
      },
      180_000,
    );
  }
});
