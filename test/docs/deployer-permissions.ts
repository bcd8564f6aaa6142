import { z } from "zod";
import { blocks, page } from "./pages";

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

/** A policy document as pages show it. */
export const POLICY = z.object({
  Version: z.literal("2012-10-17"),
  Statement: z.array(
    z.object({
      Effect: z.enum(["Allow", "Deny"]),
      Action: texts,
      Resource: texts.optional(),
      Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
    }),
  ),
});

/** What docs/deployer-permissions.md says of a stack. */
export interface DeployerPermissions {
  /** Every action of the policy, sorted. */
  readonly allowed: readonly string[];
  /** Those that the tests do not record, sorted. */
  readonly byHand: readonly string[];
}

/** What docs/deployer-permissions.md says of each stack of dev that has a policy. */
export function deployerPermissions(): ReadonlyMap<string, DeployerPermissions> {
  const { path, text } = page("docs/deployer-permissions.md");
  const sections = text.split(/^## /m).slice(1);
  return new Map(
    sections.flatMap((section): [string, DeployerPermissions][] => {
      const [stack = "", ...rest] = section.split("\n");
      const [policy] = blocks({ path, text: rest.join("\n") });
      if (!policy || !stack.startsWith("dev-")) return [];
      const [, hand = ""] = /^By hand: ([^.]*)\.$/m.exec(section) ?? [];
      const allowed = POLICY.parse(JSON.parse(policy.text)).Statement.flatMap(({ Action }) => Action);
      const byHand = [...hand.matchAll(/`([^`]+)`/g)].map(([, action = ""]) => action);
      return [[stack, { allowed: allowed.sort(), byHand: byHand.sort() }]];
    }),
  );
}
