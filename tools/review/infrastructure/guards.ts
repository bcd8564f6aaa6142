import { isDeepStrictEqual } from "node:util";
import { type JsonObject, own } from "./differences";
import type { Effect } from "./effect";

/** Instances of a resource that moved: its name in brackets, before and after; or the address of what it is an instance of now. */
export type InstanceMoves = ReadonlyMap<string, string>;

/**
 * What a change does to a `terraform_data` that keeps an instance for each name that must not leave. Those that moved to
 * another name have not left.
 */
export function guardEffects(before: JsonObject, after: JsonObject, moves: InstanceMoves): Effect[] {
  const [was, is] = [own(before, "for_each"), own(after, "for_each")];
  if (isDeepStrictEqual(was, is)) return [];
  const [names, now] = [namesOf(was), namesOf(is)];
  const tells = [["for_each"]];
  // Names that are said need no list of all.
  const said = { tells, details: [] };
  if (!names || !now) {
    const says = "guards something else, which cannot be read here";
    return [{ kind: "protection-off", says, tells }];
  }
  const gone = names.filter((name) => !now.includes(name) && !now.includes(moves.get(name) ?? ""));
  const left = gone.filter((name) => !moves.has(name));
  const released = gone.filter((name) => moves.has(name));
  const kept = [...names.map((name) => moves.get(name) ?? name), ...names];
  const come = now.filter((name) => !kept.includes(name));
  const list = (all: readonly string[]) => all.map((name) => JSON.stringify(name)).join(", ");
  // Without any word on destroying, as what is let go has it, it guarded nothing and guards nothing.
  if (own(before, "lifecycle") === undefined && own(after, "lifecycle") === undefined) {
    const changes = [
      ...(gone.length > 0 ? [`no longer has ${list(gone)}`] : []),
      ...(come.length > 0 ? [`newly has ${list(come)}`] : []),
    ];
    const says = `${changes.join(" and ")}, and guards nothing`;
    return changes.length > 0 ? [{ kind: "resource-changed", says, ...said }] : [];
  }
  return [
    ...(released.length > 0
      ? [
          {
            kind: "protection-off" as const,
            says: `lets go of ${list(released)}, and destroys nothing of it`,
            ...said,
          },
        ]
      : []),
    ...(left.length > 0
      ? [
          {
            kind: "protection-off" as const,
            says: `no longer guards ${list(left)}: with prevent_destroy Terraform refuses this, without it they may go`,
            ...said,
          },
        ]
      : []),
    ...(come.length > 0 ? [{ kind: "protection-on" as const, says: `guards ${list(come)}`, ...said }] : []),
  ];
}

/** The names in `${toset(["…", "…"])}`; undefined when it is anything else. */
function namesOf(expression: unknown): string[] | undefined {
  const [, list] = /^\$\{toset\((\[.*\])\)\}$/s.exec(typeof expression === "string" ? expression : "") ?? [];
  if (list === undefined) return undefined;
  try {
    const names: unknown = JSON.parse(list);
    return Array.isArray(names) && names.every((name) => typeof name === "string") ? names : undefined;
  } catch {
    return undefined;
  }
}
