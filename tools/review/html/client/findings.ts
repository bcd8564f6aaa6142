import { all, byId, chosen, clear, counted, hasWords } from "./elements";

const CONTROLS = ["environment", "decision", "effect", "stack", "text"].map((name) => `finding-${name}`);

/** Lets the findings be filtered. */
export function startFindings(): void {
  for (const id of CONTROLS) document.getElementById(id)?.addEventListener("input", filterFindings);
  byId("finding-reset", HTMLButtonElement).addEventListener("click", () => {
    clear(CONTROLS);
    filterFindings();
  });
  filterFindings();
}

/** Shows the findings of one environment. */
export function showFindingsOf(environment: string): void {
  byId("finding-environment", HTMLSelectElement).value = environment;
  filterFindings();
}

/** Shows the findings that are asked for, and says how many they are. */
function filterFindings(): void {
  const [environment = "", decision = "", effect = "", stack = "", words = ""] = CONTROLS.map(chosen);
  const fits = ({ dataset, textContent }: HTMLElement) =>
    (decision === "" || dataset.decision === decision) &&
    (effect === "" || dataset.effect === effect) &&
    (stack === "" || dataset.stack === (stack === "none" ? "" : stack)) &&
    (words === "" || hasWords(textContent?.toLowerCase() ?? "", words));
  const items = all("li.finding");
  for (const group of all(".group")) {
    const environments: readonly string[] = JSON.parse(group.dataset.environments ?? "[]");
    // What is of the change as a whole is of every environment.
    const here = environment === "" || environments.length === 0 || environments.includes(environment);
    for (const item of all("li.finding", group)) item.hidden = !here || !fits(item);
  }
  for (const part of all(".findings, .group, .decision-group")) {
    part.hidden = part.querySelector("li.finding:not([hidden])") === null;
  }
  // A stack's heading goes with its list.
  for (const heading of all(".group h5"))
    heading.hidden = heading.nextElementSibling?.matches("[hidden]") ?? false;
  const shown = items.filter(({ hidden }) => !hidden).length;
  byId("finding-status", HTMLElement).textContent =
    `${shown.toLocaleString("en")} of ${counted(items.length, "finding", "findings")} shown.`;
}
