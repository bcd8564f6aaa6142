import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { terraformMissing } from "../apply/helpers/providers";
import { TerraformWorkspace } from "../apply/helpers/terraform";
import { testUnless } from "../helpers/skip";

const missing = terraformMissing();

describe.each(["dev", "prod"])("terraform validate of %s.yaml", (name) => {
  let terraform: TerraformWorkspace;
  beforeAll(() => {
    if (missing) return;
    terraform = new TerraformWorkspace({});
    terraform.synth(readFileSync(`environments/${name}.yaml`, "utf8"));
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
    "refuses a stack that is wrong",
    async () => {
      const file = join(terraform.directory(`${name}-network`), "cdk.tf.json");
      writeFileSync(file, readFileSync(file, "utf8").replace('"cidr_block"', '"cidr_blok"'));
      expect(await validate(`${name}-network`)).toMatchObject({ valid: false });
    },
    120_000,
  );
});
