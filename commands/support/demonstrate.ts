import { textTable } from "../../lib/table";
import { paints, progressLine } from "../../lib/terminal";
import { terminalLines, terminalText } from "../../lib/terminal-text";
import type { Environment } from "../../model/config/environment";
import { readStack, synthesise } from "../../stacks/synthesise";
import { ENDED, type Laptop, startLaptop } from "../../tools/laptop/laptop";

/** A demonstration that has been given. */
export interface Demonstration {
  /** Still running. Should this process end before it is stopped, all of it ends too. */
  readonly laptop: Laptop;
  /** True when every check came out as it must. */
  readonly proven: boolean;
}

/** Options for {@link demonstrate}. */
export interface DemonstrationOptions {
  /** Gets a line for each refusal once the proof is done; during it there are hundreds. @default nothing is logged */
  readonly log?: (line: string) => void;
  /** Port of the gateway. @default any free one */
  readonly port?: number;
}

/** Synthesises an environment, starts its passwordless path on this machine, and proves the access matrix. */
export async function demonstrate(
  environment: Environment,
  { log = () => undefined, port }: DemonstrationOptions = {},
): Promise<Demonstration> {
  const begin = performance.now();
  const synthesised = synthesise([environment], { outdir: process.env.CDKTF_OUTDIR });
  const { stacks } = synthesised;
  const resources = stacks.reduce((sum, stack) => sum + stack.resources, 0);
  say(`${environment.file} → ${stacks.length} stacks, ${resources} resources in cdktf.out`);

  // Read at once: another run may write its own there.
  const read = (layer: string) => readStack(synthesised, `${environment.name}-${layer}`);
  const layers = { access: read("access"), database: read("database") };
  let proving = true;
  const laptop = await startLaptop(
    environment,
    (layer) => layers[layer],
    (line) => {
      if (!proving) log(line);
    },
    { ...(port !== undefined && { port }) },
  );
  const { endpoints, leftOut, postgresVersion, stsUrl } = laptop;
  say(`PostgreSQL ${postgresVersion} prepared like RDS, with the SQL of the access plan applied`);
  for (const extension of leftOut) say(terminalText(`Left out, and not proven: the extension ${extension}`));
  const { writer, reader, proxy } = endpoints;
  say(`Gateway ${writer.host}:${writer.port}: TLS and IAM tokens; token service ${stsUrl}`);
  const apart = reader?.port === writer.port ? "" : NO_HOST_FOR_READERS;
  if (proxy)
    say(`Proxy ${proxy.writer.host}:${proxy.writer.port}: IAM tokens of its own, sessions that are reused`);
  if (reader) say(`Readers ${reader.host}:${reader.port}: the same, before a hot standby${apart}`);
  say("");

  const progress = progressLine(process.stderr, process.env.TERM);
  const proven = (done: number, all: number) => progress.show(`proving what each may do: ${done} of ${all}`);
  const { table, failures, allowed, denied } = await laptop.prove(proven).catch(async (error: unknown) => {
    await laptop.stop();
    throw error;
  });
  progress.clear();
  proving = false;
  say(`${textTable(table)}\n`);
  const ended = table.rows.flat().some((cell) => cell.endsWith(` ${ENDED}`));
  say(
    `✓ does this and nothing more, as tried   ✗ does not, or does more   – no access${ended ? `   ${ENDED}: no access any more, by its until` : ""}`,
  );
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  say(
    `${allowed} things that must work and ${denied} that must not were tried: ${failures.length} came out wrong (${seconds} s)`,
  );
  for (const failure of failures) say(`✗ ${terminalText(failure)}`);
  return { laptop, proven: failures.length === 0 };
}

/** Said of readers whose host does not go with PGPORT. */
const NO_HOST_FOR_READERS =
  " (this machine has no address 127.0.0.2, so their port is another and nobody gets PGHOST_READER)";

/** Marks in colour. */
function say(line: string): void {
  const { good, bad, faint } = paints(process.stdout);
  const painted = terminalLines(line)
    .replaceAll("✓", good("✓"))
    .replaceAll("✗", bad("✗"))
    .replaceAll(" –", faint(" –"));
  process.stdout.write(`${painted}\n`);
}
