import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../helpers/run";

/** A folder that holds registry.terraform.io/…, as `terraform providers mirror` makes it. */
const mirror = process.env.TERRAFORM_PLUGIN_MIRROR ?? "";

/**
 * Terraform's CLI configuration: providers that the mirror holds come from there, others from the registry. Of one that
 * both may have, Terraform would want both to answer.
 */
export function providerInstallation(): string {
  const registry = join(mirror, "registry.terraform.io");
  if (!existsSync(registry)) return "provider_installation {\n  direct {}\n}\n";
  const held = readdirSync(registry).flatMap((namespace) =>
    readdirSync(join(registry, namespace)).map((name) => `registry.terraform.io/${namespace}/${name}`),
  );
  return `provider_installation {
  filesystem_mirror {
    path = ${JSON.stringify(mirror)}
  }
  direct {
    exclude = ${JSON.stringify(held)}
  }
}
`;
}

/** Why Terraform cannot run with this provider of HashiCorp's on this machine; undefined when it can. */
export function terraformMissing(provider = "aws"): string | undefined {
  if (run("terraform", ["version"]).status !== 0) return "terraform is not installed";
  return existsSync(join(mirror, "registry.terraform.io/hashicorp", provider))
    ? undefined
    : `TERRAFORM_PLUGIN_MIRROR names no folder with the ${provider} provider`;
}

/** Why `terraform init` cannot get a provider from mirror or registry, in Terraform's words; undefined when it can. */
export function providerMissing(source: string): string | undefined {
  if (run("terraform", ["version"]).status !== 0) return "terraform is not installed";
  const cwd = mkdtempSync(join(tmpdir(), "provider-"));
  try {
    const config = join(cwd, "cli.tfrc");
    writeFileSync(config, providerInstallation());
    const providers = { wanted: { source } };
    writeFileSync(
      join(cwd, "main.tf.json"),
      JSON.stringify({ terraform: { required_providers: providers } }),
    );
    const args = ["init", "-input=false", "-no-color"];
    const { status, stderr } = run("terraform", args, { cwd, env: { TF_CLI_CONFIG_FILE: config } });
    const [, reason = stderr] =
      /Error: [^\n]*\n\n([\s\S]*?)\n\n/.exec(stderr.replace(/^[│╷╵] ?/gm, "")) ?? [];
    // What follows the first failure is its technical cause, down to the name server's address.
    const [first] = reason.replace(/\s+/g, " ").split(": failed");
    return status === 0 ? undefined : `terraform init says: ${first}`;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
