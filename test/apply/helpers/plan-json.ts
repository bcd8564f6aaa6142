import { isDeepStrictEqual } from "node:util";
import type { TerraformWorkspace } from "./terraform";

/** What a plan would do to one resource. */
export interface ResourceChange {
  /** `create`, `update`, `delete`, or `replace`. */
  readonly action: string;
  /** Arguments and attributes that change; of a new or deleted resource none. */
  readonly attributes: readonly string[];
}

/** One resource in the JSON of a plan. @see https://developer.hashicorp.com/terraform/internals/json-format */
interface PlannedResource {
  readonly address: string;
  readonly mode: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    readonly after_unknown: Readonly<Record<string, unknown>>;
  };
}

/** What changes, by address without cdktf's hash: `aws_iam_role.service-orders-api_role`. */
export type Changes = Readonly<Record<string, ResourceChange>>;

/** Plans a stack into a file of its directory, `plan`. Throws with what Terraform said when it failed. */
export async function planned(terraform: TerraformWorkspace, stack: string): Promise<Changes> {
  const { status, text } = await terraform.plan(stack, "-out=plan");
  if (status !== 0 && status !== 2) throw new Error(text);
  const { text: json } = await terraform.run(stack, "show", "-json", "plan");
  const changes = changesOf(JSON.parse(json).resource_changes ?? []);
  // Terraform's own verdict: 2 where there are changes, be it of outputs only.
  if (status === 0 && Object.keys(changes).length > 0) throw new Error(`no changes, and yet ${json}`);
  return changes;
}

function changesOf(resources: readonly PlannedResource[]): Changes {
  return Object.fromEntries(
    resources
      .filter(({ mode, change }) => mode === "managed" && change.actions.join() !== "no-op")
      .map(({ address, change }): [string, ResourceChange] => [
        address.replace(/_[0-9A-F]{8}$/, ""),
        { action: action(change.actions), attributes: changedAttributes(change) },
      ])
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

function action(actions: readonly string[]): string {
  return actions.length === 2 ? "replace" : (actions[0] ?? "");
}

function changedAttributes({ before, after, after_unknown }: PlannedResource["change"]): string[] {
  if (!before || !after) return [];
  const names = new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(after_unknown)]);
  return [...names]
    .filter((name) => after_unknown[name] === true || !isDeepStrictEqual(before[name], after[name]))
    .sort();
}
