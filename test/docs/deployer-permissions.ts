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

const PAGE = "docs/deployer-permissions.md";

/** What docs/deployer-permissions.md says of each stack of dev that has a policy. */
export function deployerPermissions(): ReadonlyMap<string, DeployerPermissions> {
  return new Map([...sections()].filter(([title]) => title.startsWith("dev-")));
}

/** What it says that dev-access needs besides, with services outside of EKS. */
export function permissionsOutsideEks(): DeployerPermissions {
  const found = sections().get("Services outside of EKS");
  if (!found) throw new Error(`${PAGE} has no section for services outside of EKS`);
  return found;
}

function sections(): ReadonlyMap<string, DeployerPermissions> {
  const { path, text } = page(PAGE);
  return new Map(
    text
      .split(/^## /m)
      .slice(1)
      .flatMap((section): [string, DeployerPermissions][] => {
        const [title = "", ...rest] = section.split("\n");
        const [policy] = blocks({ path, text: rest.join("\n") });
        if (!policy) return [];
        const [, hand = ""] = /^By hand: ([^.]*)\.$/m.exec(section) ?? [];
        const allowed = POLICY.parse(JSON.parse(policy.text)).Statement.flatMap(({ Action }) => Action);
        const byHand = [...hand.matchAll(/`([^`]+)`/g)].map(([, action = ""]) => action);
        return [[title, { allowed: allowed.sort(), byHand: byHand.sort() }]];
      }),
  );
}
