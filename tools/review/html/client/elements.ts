/** A kind of element, to look for. */
type Kind<T extends HTMLElement> = new () => T;

/** An element of the page that is there. */
export function byId<T extends HTMLElement>(id: string, kind: Kind<T>): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`There is no ${id}.`);
  return found;
}

/** Elements that a selector finds. */
export function all(selector: string, within: ParentNode = document): HTMLElement[] {
  return [...within.querySelectorAll(selector)].filter((element) => element instanceof HTMLElement);
}

/** A new element. Texts in it stay texts: nothing of the script turns text into markup, and the page's policy forbids it. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className = "",
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  if (className !== "") element.className = className;
  element.append(...children);
  return element;
}

/** A number as people read it, and what it counts. */
export function counted(number: number, one: string, many: string): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** Whether a text in lower case has every one of some words. */
export function hasWords(text: string, words: string): boolean {
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** What is chosen or typed; nothing where the control is not there. */
export function chosen(id: string): string {
  const control = document.getElementById(id);
  return control instanceof HTMLSelectElement || control instanceof HTMLInputElement
    ? control.value.trim()
    : "";
}

/** Chooses nothing and empties what was typed. */
export function clear(ids: readonly string[]): void {
  for (const id of ids) {
    const control = document.getElementById(id);
    if (control instanceof HTMLSelectElement || control instanceof HTMLInputElement) control.value = "";
  }
}

/** Gives a choice its options, behind its first, which is for all. What was chosen stays if it is still there. */
export function fillChoice(id: string, values: readonly string[]): void {
  const select = byId(id, HTMLSelectElement);
  const before = select.value;
  const [first] = select.options;
  select.replaceChildren(...(first ? [first] : []), ...values.map((value) => new Option(value, value)));
  select.value = values.includes(before) ? before : "";
}
