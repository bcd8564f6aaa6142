import { terminalText } from "./terminal-text";

/** Text on a Markdown page that shows it as it is: no emphasis, link, HTML or math. What is done to | is the table's. */
export function markdownText(text: string): string {
  return terminalText(text).replace(/[\\`*_{}[\]<>#!~$&]/g, "\\$&");
}

/** A name on a Markdown page, where `_orders_` would be shown as another one. It has no backtick in it. */
export function markdownCode(name: string): string {
  return `\`${name}\``;
}
