import type { EnvironmentData } from "../page-data";
import { all, byId, chosen, clear, counted, fillChoice, make } from "./elements";
import { showFindingsOf, startFindings } from "./findings";
import { matrixOf } from "./matrix";
import { nameOf, type Shown, select } from "./select";

/** What the matrix is filtered by, besides changes. */
const FILTERS = ["text", "schema", "level", "kind", "namespace"];

/** The environment that is shown; undefined where it has no plan that could be read. */
let data: EnvironmentData | undefined;

/** Makes more rows of the matrix that is shown, and says how many are left. */
let more = (_rows?: number): number => 0;

/** Shows the environment that is chosen. What is embedded of it is read now, not when the page opens. */
function showEnvironment(): void {
  const block = byId(`data-${chosen("environment") || "0"}`, HTMLScriptElement);
  const read: EnvironmentData | { readonly problem: string } = JSON.parse(block.textContent ?? "");
  data = "problem" in read ? undefined : read;
  if ("problem" in read) {
    byId("region", HTMLElement).replaceChildren(make("p", "empty", read.problem));
    byId("status", HTMLElement).textContent = read.problem;
    offerMore(0);
    return;
  }
  const { schemas, levels, identities, alone } = read;
  const unique = (values: readonly string[]) => [...new Set(values)].sort();
  fillChoice("schema", schemas.map(nameOf));
  fillChoice(
    "level",
    levels.map(({ name }) => name),
  );
  fillChoice("kind", unique(identities.map(({ kind }) => kind)));
  fillChoice("namespace", unique(identities.flatMap(({ namespace }) => namespace ?? [])));
  const onlyChanges = byId("only-changes", HTMLInputElement);
  onlyChanges.disabled = alone !== undefined;
  onlyChanges.checked = [...identities, ...schemas].some(({ change }) => change !== "");
  byId("legend", HTMLElement).replaceChildren(
    ...levels.map(({ name, about }, index) =>
      make("li", "", make("span", `level level-${index}`, name), ` ${about}`),
    ),
  );
  showMatrix();
}

/** Shows what is asked for, and says how much it is. */
function showMatrix(): void {
  if (!data) return;
  const [words = "", schema = "", level = "", kind = "", namespace = ""] = FILTERS.map(chosen);
  const onlyChanges = byId("only-changes", HTMLInputElement).checked;
  const shown = select(data, { words, schema, level, kind, namespace, onlyChanges });
  const matrix = matrixOf(data, shown);
  const region = byId("region", HTMLElement);
  const nothing = make("p", "empty", onlyChanges ? "No such access changes." : "Nothing fits.");
  region.replaceChildren(shown.identities.length + shown.columns.length > 0 ? matrix.table : nothing);
  region.scrollTo(0, 0);
  more = matrix.more;
  offerMore(more(0));
  byId("status", HTMLElement).textContent = statusOf(data, shown, onlyChanges);
}

function statusOf(
  { name, identities, schemas, alone }: EnvironmentData,
  shown: Shown,
  onlyChanges: boolean,
): string {
  const rows = `${shown.identities.length.toLocaleString("en")} of ${counted(identities.length, "identity", "identities")}`;
  const columns = `${shown.columns.length.toLocaleString("en")} of ${counted(schemas.length, "schema", "schemas")}`;
  return `${name}: ${rows}, ${columns}${onlyChanges ? ", only changes" : ""}${alone ? `, ${alone}` : ""}.`;
}

function offerMore(left: number): void {
  const button = byId("more", HTMLButtonElement);
  button.hidden = left === 0;
  button.textContent = `Show more (${counted(left, "identity is", "identities are")} not shown yet)`;
}

/** Lets the matrix be filtered, and its environment be chosen. */
function startMatrix(): void {
  for (const id of [...FILTERS, "only-changes"]) {
    byId(id, HTMLElement).addEventListener("input", showMatrix);
  }
  byId("reset", HTMLButtonElement).addEventListener("click", () => {
    clear(FILTERS);
    showMatrix();
  });
  byId("more", HTMLButtonElement).addEventListener("click", () => offerMore(more()));
  document.getElementById("environment")?.addEventListener("input", showEnvironment);
  for (const button of all("button[data-show]")) {
    button.addEventListener("click", () => {
      byId("environment", HTMLSelectElement).value = button.dataset.show ?? "0";
      showEnvironment();
      showFindingsOf(button.dataset.name ?? "");
      byId("findings", HTMLElement).focus();
    });
  }
  // On paper there is nothing to press.
  addEventListener("beforeprint", () => offerMore(more(Number.POSITIVE_INFINITY)));
  const path = byId("path", HTMLDialogElement);
  path.addEventListener("click", ({ target }) => {
    if (target === path) path.close();
  });
  showEnvironment();
}

for (const element of all("[data-script]")) element.hidden = false;
for (const element of all("[data-no-script]")) element.hidden = true;
if (document.getElementById("findings")) startFindings();
if (document.getElementById("matrix")) startMatrix();
