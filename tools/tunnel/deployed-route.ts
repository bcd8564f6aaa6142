import { readFileSync } from "node:fs";
import { UserError } from "../../lib/user-error";
import type { Environment } from "../../model/config/environment";
import type { Aws } from "./aws-cli";
import { neededLayers, type Route, route } from "./destinations";
import { stackOutputs } from "./stack-outputs";

/**
 * What the outputs of an environment's deployed stacks say about where to go.
 * @param readers also to the database's readers
 * @throws UserError with all that is wrong with them
 */
export async function deployedRoute(environment: Environment, aws: Aws, readers: boolean): Promise<Route> {
  const read = (path: string) => readFileSync(path, "utf8");
  const results = await Promise.allSettled(
    neededLayers(environment).map((layer) => stackOutputs(environment, layer, aws, read)),
  );
  const problems = results.flatMap((result): string[] => {
    if (result.status === "fulfilled") return [];
    if (result.reason instanceof UserError) return [...result.reason.messages];
    throw result.reason;
  });
  if (problems.length > 0) throw new UserError([...new Set(problems)]);
  const [database = {}, eks] = results.flatMap((result) =>
    result.status === "fulfilled" ? [result.value] : [],
  );
  return route(environment, database, eks, readers);
}
