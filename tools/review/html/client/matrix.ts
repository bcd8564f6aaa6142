import type { EnvironmentData, IdentityData } from "../page-data";
import { cellParts, cellText } from "./cell";
import { make } from "./elements";
import { openPath } from "./path";
import { nameOf, type Shown } from "./select";

/** Cells that are made at once, and rows: a browser makes and lays out as many within a tenth of a second. */
const MOST_CELLS = 1600;
const MOST_ROWS = 200;

/** The matrix, of which the first rows are made. */
export interface Matrix {
  readonly table: HTMLTableElement;
  /**
   * Makes more of them.
   * @param rows how many. @default some
   * @returns how many are left
   */
  readonly more: (rows?: number) => number;
}

/** The matrix of what is shown. */
export function matrixOf(data: EnvironmentData, { identities, columns }: Shown): Matrix {
  // A wide one does not fit on paper as a table: there each row becomes a list.
  const table = make("table", columns.length > 8 ? "matrix wide" : "matrix");
  table.style.setProperty("--columns", String(columns.length));
  table.ariaRowCount = String(identities.length + 2);
  const body = make("tbody");
  table.append(
    make("caption", "hidden", `Access in ${data.name}: identities by schema`),
    head(data, columns),
    body,
  );
  const blank = make("tr", "", make("th", "first"), ...columns.map(() => make("td")));
  const places = new Map(columns.map((column, index) => [column, index + 1]));
  const some = Math.min(MOST_ROWS, Math.max(10, Math.floor(MOST_CELLS / (columns.length + 1))));
  let made = 0;
  const more = (rows = some) => {
    const next = identities.slice(made, made + rows);
    body.append(...next.map((identity, index) => row(data, identity, blank, places, made + index)));
    made += next.length;
    return identities.length - made;
  };
  more();
  const first = table.querySelector("button");
  if (first) first.tabIndex = 0;
  table.addEventListener("keydown", move);
  return { table, more };
}

/** Two rows: databases, then their schemas. */
function head({ schemas }: EnvironmentData, columns: readonly number[]): HTMLElement {
  const corner = make("th", "first", "identity");
  corner.rowSpan = 2;
  corner.scope = "col";
  const databases = make("tr", "", corner);
  const names = make("tr");
  let group = corner;
  for (const column of columns) {
    const { database = "", schema = "", change = "", was } = schemas[column] ?? {};
    if (group !== corner && group.textContent === database) group.colSpan++;
    else {
      group = make("th", "database", database);
      group.scope = "colgroup";
      databases.append(group);
    }
    const name = make("th", change, make("span", "name", schema));
    name.scope = "col";
    if (change !== "") name.append(" ", make("span", "change", was === undefined ? change : `was ${was}`));
    names.append(name);
  }
  return make("thead", "", databases, names);
}

function row(
  data: EnvironmentData,
  identity: IdentityData,
  blank: HTMLTableRowElement,
  places: ReadonlyMap<number, number>,
  index: number,
): HTMLTableRowElement {
  const { key, kind, namespace, change } = identity;
  const copy = document.importNode(blank, true);
  copy.className = change;
  copy.ariaRowIndex = String(index + 3);
  const [header] = copy.cells;
  if (header) {
    header.scope = "row";
    header.append(
      button("name", `${key}: its path`, () => openPath(data, identity), key),
      make("span", "about", namespace === undefined ? kind : `${kind} in ${namespace}`),
    );
    if (change !== "") header.append(" ", make("span", "change", change));
  }
  for (const cell of identity.cells) {
    const [column, before, after] = cell;
    const place = copy.cells[places.get(column) ?? -1];
    if (!place) continue;
    const name = nameOf(data.schemas[column]);
    place.dataset.schema = name;
    if (before !== after) place.className = "changed";
    const label = `${key} on ${name}: ${cellText(data, cell)}`;
    place.append(button("cell", label, () => openPath(data, identity, column), ...cellParts(data, cell)));
  }
  return copy;
}

function button(className: string, label: string, press: () => void, ...children: (Node | string)[]) {
  const made = make("button", className, ...children);
  made.type = "button";
  // Only one of the matrix is a stop of the Tab key; arrow keys reach the others.
  made.tabIndex = -1;
  made.ariaLabel = label;
  made.addEventListener("click", press);
  return made;
}

/** Rows and columns to go by each key. */
const MOVES: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
};

/** Goes to the next button in the direction of an arrow key. */
function move(event: KeyboardEvent): void {
  const [down, right] = MOVES[event.key] ?? [0, 0];
  const { target } = event;
  if ((down === 0 && right === 0) || !(target instanceof HTMLButtonElement)) return;
  event.preventDefault();
  const cell = target.closest("td, th");
  const body = target.closest("tbody");
  if (!(cell instanceof HTMLTableCellElement) || !body) return;
  const rows = [...body.rows];
  let at = rows.findIndex((each) => each.contains(cell)) + down;
  let column = cell.cellIndex + right;
  for (let next = rows[at]?.cells[column]; next; next = rows[at]?.cells[column]) {
    const found = next.querySelector("button");
    if (found) {
      target.tabIndex = -1;
      found.tabIndex = 0;
      found.focus();
      return;
    }
    at += down;
    column += right;
  }
}
