import { DECISIONS } from "../../../model/config/review/kinds";
import { html, type Markup } from "./markup";

/** An option of a choice: what it stands for, and what it is called. */
export type Option = readonly [value: string, text: string];

/** Chooses which findings are shown. The page's script shows it; without one, all are. */
export function findingControls(environments: readonly string[], stacks: readonly string[]): Markup {
  return html`
        <div class="controls" role="search" aria-label="Filter findings" data-script hidden>
          ${environments.length > 1 && choice("finding-environment", "Environment", environments.map(same), "all")}
          ${choice("finding-decision", "Decision", DECISIONS.toReversed().map(same), "all")}
          ${choice("finding-effect", "Effect", ["widened", "narrowed", "neutral"].map(same), "all")}
          ${stacks.length > 0 && choice("finding-stack", "Stack", [["none", "none: access and rules"], ...stacks.map(same)], "all")}
          ${textField("finding-text", "Text")}
          <button type="button" id="finding-reset">Reset</button>
        </div>
        <p class="status" id="finding-status" role="status" data-script hidden></p>`;
}

/** Chooses what of the matrix is shown; the page's script fills in what there is to choose. */
export function matrixControls(environments: readonly Option[]): Markup {
  return html`
        <div class="controls" role="search" aria-label="Filter access">
          ${environments.length > 1 && choice("environment", "Environment", environments)}
          ${textField("text", "Identity, principal or role")}
          ${choice("schema", "Schema", [], "all")}
          ${choice("level", "Level", [], "all")}
          ${choice("kind", "Kind", [], "all")}
          ${choice("namespace", "Namespace", [], "all")}
          <label class="switch"><input type="checkbox" id="only-changes"> Only changes</label>
          <button type="button" id="reset">Reset</button>
        </div>
        <p class="status" id="status" role="status"></p>`;
}

function choice(id: string, label: string, options: readonly Option[], all?: string): Markup {
  return html`<div class="field"><label for="${id}">${label}</label><select id="${id}">${all && html`<option value="">${all}</option>`}${options.map(([value, text]) => html`<option value="${value}">${text}</option>`)}</select></div>`;
}

function textField(id: string, label: string): Markup {
  return html`<div class="field wide"><label for="${id}">${label}</label><input type="search" id="${id}" autocomplete="off" spellcheck="false"></div>`;
}

function same(value: string): Option {
  return [value, value];
}
