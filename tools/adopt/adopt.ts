import { readFileSync } from "node:fs";
import { connect } from "../catalog/connection";
import { serverAddress } from "../catalog/server-address";
import { accessYaml } from "./access-yaml";
import type { LiveServer } from "./live-server";
import { moveFiles, notYetAdopted } from "./move-files";
import type { EnvironmentFacts, Proposal, ProposeOptions } from "./proposal";
import { propose } from "./propose";
import { readLive } from "./read-live";
import { markdownReport, textReport } from "./report";

/** Where the server to adopt is, and whom to trust. */
export interface ServerToAdopt {
  /** Environment variables: those of libpq, and ALL_PROXY. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** CA certificates to trust when PGSSLROOTCERT names none, PEM. */
  readonly caBundle: string;
}

/** A server that was read, and what it could become. */
export interface ReadProposal {
  readonly live: LiveServer;
  readonly proposal: Proposal;
  /** The proposed section as a person would write it, with comments: `access:` and what is below. */
  readonly yaml: string;
  /** What becomes of logins, and what the model cannot express, each with a proposal: for a terminal, and as a page. */
  readonly report: string;
  readonly markdown: string;
}

/**
 * Reads the server that environment variables name, and changes nothing.
 * @throws UserError when it cannot be reached or read, with everything that is wrong with the variables
 */
export async function readServerToAdopt({ env, caBundle }: ServerToAdopt): Promise<LiveServer> {
  const address = serverAddress(env, caBundle, (path) => readFileSync(path, "utf8"));
  return readLive((database) => connect(address, database, "adopt"));
}

/**
 * The same, and the `access` section that fits it best.
 * @param facts what the environment file says besides
 */
export async function proposeForServer(
  server: ServerToAdopt,
  facts: EnvironmentFacts,
  options?: ProposeOptions,
): Promise<ReadProposal> {
  const live = await readServerToAdopt(server);
  const proposal = propose(live, facts, options);
  return {
    live,
    proposal,
    yaml: accessYaml(proposal),
    report: textReport(proposal),
    markdown: markdownReport(proposal),
  };
}

/** What the model cannot express alone, where the file says already what becomes of logins. */
export function beyondReport(proposal: Proposal): Pick<ReadProposal, "report" | "markdown"> {
  const only = { ...proposal, identities: [] };
  return { report: textReport(only), markdown: markdownReport(only) };
}

export { moveFiles, notYetAdopted };
