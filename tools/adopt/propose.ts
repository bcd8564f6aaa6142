import type { LiveServer } from "./live-server";
import type { EnvironmentFacts, Proposal, ProposeOptions } from "./proposal";

/** The `access` section that fits a live server best, and what it cannot say. */
export function propose(
  _live: LiveServer,
  _facts: EnvironmentFacts,
  _options: ProposeOptions = {},
): Proposal {
  return { comments: [], identities: [], schemaMoves: [], beyond: [] };
}
