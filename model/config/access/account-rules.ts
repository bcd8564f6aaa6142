import { quote } from "../../../lib/nearest";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { namedPrincipals } from "./principal-rules";

/**
 * Names of accounts that say nothing. One of which nobody is named would be there for whoever comes to need it: then nothing
 * would ask for the account any more.
 */
export function accountProblems(file: EnvironmentFile): Problem[] {
  const used = new Set(namedPrincipals(file).map(({ arn }) => arn.split(":")[4]));
  const first = new Map<string, string>();
  return Object.entries(file.access.accounts).flatMap(([name, id]): Problem[] => {
    const other = first.get(id);
    if (other === undefined) first.set(id, name);
    const faults: [boolean, string][] = [
      [id === file.account, `${id} is the environment's own account, which needs no name; take it out`],
      [
        other !== undefined,
        `${quote(name)} and ${quote(other)} are one account, ${id}; take one of them out`,
      ],
      [!used.has(id), `no principal of the file is of ${id}; take it out, or correct it`],
    ];
    const [, message] = faults.find(([wrong]) => wrong) ?? [];
    return message === undefined ? [] : [{ path: ["access", "accounts", name], message }];
  });
}
