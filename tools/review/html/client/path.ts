import type { Cell, EnvironmentData, Fact, IdentityData, Step } from "../page-data";
import { cellParts } from "./cell";
import { byId, make } from "./elements";
import { nameOf } from "./select";

/**
 * Shows the whole path of an identity to what it may do.
 * @param column the one schema to show; without it, all in which it has something
 */
export function openPath(data: EnvironmentData, identity: IdentityData, column?: number): void {
  const dialog = byId("path", HTMLDialogElement);
  const cells = identity.cells.filter(([at]) => column === undefined || at === column);
  const [cell] = cells;
  const title = make(
    "h2",
    "",
    column === undefined ? identity.key : `${identity.key} on ${nameOf(data.schemas[column])}`,
  );
  title.id = "path-title";
  const close = make("button", "close", "Close");
  close.type = "button";
  close.addEventListener("click", () => dialog.close());
  const about = column !== undefined && cell ? cellParts(data, cell) : [identity.change || identity.kind];
  dialog.replaceChildren(
    make("div", "head", title, close),
    make("p", "about", ...about),
    make(
      "ol",
      "steps",
      ...stepItems(stepsOf(data, identity, cells, "before"), stepsOf(data, identity, cells, "after")),
    ),
  );
  dialog.showModal();
  dialog.scrollTop = 0;
}

/** The steps on one side; none where the identity is not there. */
function stepsOf(
  { schemas, levels }: EnvironmentData,
  identity: IdentityData,
  cells: readonly Cell[],
  side: "before" | "after",
): Step[] {
  if (identity.change === (side === "before" ? "added" : "removed")) return [];
  const own = <T>(of: { readonly before?: T; readonly after?: T }) =>
    side === "before" ? (of.before ?? of.after) : of.after;
  const toObjects = cells.flatMap(([column, before, after]): Step[] => {
    const schema = schemas[column];
    const level = levels[side === "before" ? before : after];
    if (!schema || !level) return [];
    const group = own(schema)?.[level.name];
    const name = nameOf(schema);
    return [
      {
        title: `Group role on ${name}`,
        facts: [
          ...(side === "before" && schema.was !== undefined ? [["schema", schema.was] as const] : []),
          ["level", `${level.name}: ${level.about}`],
          ["role", group?.role ?? "not in the plan"],
        ],
      },
      { title: `On what is in ${name}`, facts: group?.now ?? [] },
      { title: `On what comes to ${name}`, facts: group?.toCome ?? [] },
    ];
  });
  return [...(own(identity) ?? []), ...toObjects];
}

/** The steps of both sides, by their titles. What is the same on both is shown once. */
function stepItems(before: readonly Step[], after: readonly Step[]) {
  const titles = [...new Set([...after, ...before].map(({ title }) => title))];
  return titles.map((title) => {
    const [was, now] = [before, after].map((steps) => steps.find((step) => step.title === title));
    const heading = make("h3", "", title);
    if (JSON.stringify(was) === JSON.stringify(now)) {
      return make("li", "", heading, factList(now?.facts ?? []));
    }
    heading.append(" ", make("span", "change", was ? (now ? "changed" : "removed") : "added"));
    const [old, present] = [was?.facts ?? [], now?.facts ?? []];
    const common = present.filter((fact) => old.some((each) => isSame(each, fact)));
    const own = (facts: readonly Fact[]) =>
      facts.filter((fact) => !common.some((each) => isSame(each, fact)));
    const side = (name: string, facts: readonly Fact[]) =>
      make("div", "side", make("h4", "", name), factList(facts));
    const both = make("div", "both", side("before", own(old)), side("after", own(present)));
    return make("li", "", heading, ...(common.length > 0 ? [factList(common)] : []), both);
  });
}

function isSame([name, value]: Fact, [otherName, otherValue]: Fact): boolean {
  return name === otherName && value === otherValue;
}

function factList(facts: readonly Fact[]): HTMLElement {
  const rows = facts.map(([name, value]) => make("div", "", make("dt", "", name), make("dd", "", value)));
  return rows.length > 0 ? make("dl", "", ...rows) : make("p", "nothing", "nothing");
}
