import { markdownText } from "../../lib/markdown";
import { markdownTable, type Table, textTable } from "../../lib/table";
import { terminalText } from "../../lib/terminal-text";
import type { Beyond, Proposal, ProposedIdentity } from "./proposal";

/** What becomes of logins, and what the model cannot express with a proposal for each, for a terminal. */
export function textReport({ identities, beyond }: Proposal): string {
  return [
    ...(identities.length === 0 ? [] : ["Logins", "", textTable(loginTable(identities)), ""]),
    heading(beyond),
    ...beyond.flatMap(({ where, what, proposal }) => [
      "",
      terminalText(where),
      `  ${terminalText(what)}`,
      `  → ${terminalText(proposal)}`,
    ]),
    "",
  ].join("\n");
}

/** The same as a Markdown page, to go through one by one. */
export function markdownReport({ identities, beyond }: Proposal): string {
  const { header, rows } = loginTable(identities);
  return [
    "# Adopting what is there",
    "",
    ...(identities.length === 0
      ? []
      : ["## Logins", "", markdownTable({ header, rows: rows.map((row) => row.map(markdownText)) }), ""]),
    "## What the model cannot express",
    "",
    heading(beyond),
    "",
    ...beyond.map(
      ({ where, what, proposal }) =>
        `- [ ] **${markdownText(where)}**: ${markdownText(what)} *${markdownText(proposal)}*`,
    ),
    "",
  ].join("\n");
}

function heading({ length }: readonly Beyond[]): string {
  if (length === 0) return "There is nothing that the model cannot express.";
  return `${length === 1 ? "One thing is" : `${length} things are`} not as the model has it:`;
}

function loginTable(identities: readonly ProposedIdentity[]): Table {
  return {
    header: ["login today", "service", "how it gets there"],
    rows: identities.map((each) => [each.login ?? "none", each.key, way(each)]),
  };
}

/** How a login becomes an identity without being locked out on the way. */
function way({ login, inPlace, password }: ProposedIdentity): string {
  if (login === null) return "is new";
  if (!inPlace) {
    return password === "none"
      ? "a new login beside it, which has no password"
      : `a new login beside it, which keeps ${password === "set" ? "its password" : "its password, if it has one"}; switch the service over, then drop the old one`;
  }
  return password === "none"
    ? "the same login, which has no password"
    : "the same login: from then on it takes a token and no password";
}
