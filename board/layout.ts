import { type Html, html } from "./html";
import { ASSET_VERSION } from "./style";

/** Parts of a page. */
export interface Layout {
  /** Of the window; an error comes first in it, since screen readers read it first. */
  readonly title: string;
  readonly main: Html;
  /** What is seen first, above everything. @default what this is */
  readonly line?: Html;
  /** Beside the main part, or below it on a narrow screen. @default none */
  readonly aside?: Html;
}

/** A whole page. It works without JavaScript, and has none. */
export function layout({ title, main, line, aside }: Layout): Html {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title}</title>
    <link rel="stylesheet" href="/style.css?v=${ASSET_VERSION}">
    <link rel="icon" type="image/svg+xml" href="/icon.svg?v=${ASSET_VERSION}">
  </head>
  <body>
    <a class="skip" href="#main">Skip to the main part</a>
    <header>
      <p class="name"><a href="/">Message board</a></p>
      <p>${line ?? "A small service that logs in to its database by IAM, without a password."}</p>
    </header>
    <div class="columns">
      <main id="main" tabindex="-1">${main}</main>
      ${aside}
    </div>
  </body>
</html>
`;
}
