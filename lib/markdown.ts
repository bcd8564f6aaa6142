import { terminalText } from "./terminal-text";

/** Text on a Markdown page that shows it as it is: no emphasis, link, HTML or math. What is done to | is the table's. */
export function markdownText(text: string): string {
  return terminalText(text).replace(/[\\`*_{}[\]<>#!~$&]/g, "\\$&");
}
