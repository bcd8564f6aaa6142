import { readFileSync } from "node:fs";
import { textTable } from "../../lib/table";
import { terminalLines, terminalText } from "../../lib/terminal-text";
import type { Environment } from "../../model/config/environment";
import { type Laptop, startLaptop } from "../../tools/laptop/laptop";
import { failed } from "../../tools/laptop/proof/check";
import { failures, proofTable } from "../../tools/laptop/proof/proof-table";
import { prove } from "../../tools/laptop/proof/prove";
import { synthesise } from "./synthesise";

/** A demonstration that has been given. */
export interface Demonstration {
  /** Still running. Should this process end before it is stopped, all of it ends too. */
  readonly laptop: Laptop;
  /** True when every check came out as it must. */
  readonly proven: boolean;
}

/**
 * Synthesises an environment, starts its passwordless path on this machine, and proves the access matrix.
 * @param log gets a line for each refused login once the proof is done; during it there are hundreds
 */
export async function demonstrate(
  environment: Environment,
  log: (line: string) => void = () => undefined,
): Promise<Demonstration> {
  const begin = performance.now();
  const { stacks } = synthesise([environment]);
  const resources = stacks.reduce((sum, stack) => sum + stack.resources, 0);
  say(`${environment.file} → ${stacks.length} stacks, ${resources} resources in cdktf.out`);

  const accessStack = stacks.find(({ id }) => id === `${environment.name}-access`)?.file ?? "";
  let proving = true;
  const laptop = await startLaptop(environment, JSON.parse(readFileSync(accessStack, "utf8")), (line) => {
    if (!proving) log(line);
  });
  const { endpoint, plan, postgresVersion, stsUrl } = laptop;
  say(`PostgreSQL ${postgresVersion} prepared like RDS, with the SQL of the access plan applied`);
  say(`Gateway ${endpoint.host}:${endpoint.port}: TLS and IAM tokens; token service ${stsUrl}\n`);

  const checks = await prove(laptop);
  proving = false;
  say(`${textTable(proofTable(plan, checks))}\n`);
  say("✓ does this and nothing more, as tried   ✗ does not, or does more   – no access");
  const count = (expected: string) => checks.filter((check) => check.expected === expected).length;
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  say(
    `${count("allowed")} things that must work and ${count("denied")} that must not were tried: ${checks.filter(failed).length} came out wrong (${seconds} s)`,
  );
  for (const failure of failures(checks)) say(terminalText(failure));
  return { laptop, proven: !checks.some(failed) };
}

function say(line: string): void {
  process.stdout.write(`${terminalLines(line)}\n`);
}
