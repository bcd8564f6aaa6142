import { type Html, html } from "./html";

const DATE = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
const TIME = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: "UTC" });

/** A moment, in UTC: without JavaScript, the reader's time zone is not known. */
export function timeElement(at: Date): Html {
  return html`<time datetime="${at.toISOString()}">${DATE.format(at)}, ${TIME.format(at)} UTC</time>`;
}

/** The time of day of a moment, in UTC. */
export function clockElement(at: Date): Html {
  return html`<time datetime="${at.toISOString()}">${TIME.format(at)}</time>`;
}
