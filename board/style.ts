import { createHash } from "node:crypto";

/** The style sheet of every page. Colours have a contrast of at least 4.5 in light and dark; a test measures them. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #f6f5f1; --surface: #ffffff; --line: #dcdad2; --border: #7c7f7a;
  --ink: #20262a; --quiet: #5a625f; --accent: #1c5a5e; --on-accent: #ffffff;
  --wrong: #9c2f21; --wrong-paper: #fbeeea; --new: #e6f0ee;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14191b; --surface: #1c2326; --line: #323b3e; --border: #7d8a8c;
    --ink: #e7eae8; --quiet: #a4afad; --accent: #86cbc7; --on-accent: #10201f;
    --wrong: #f2a093; --wrong-paper: #33201d; --new: #1d3334;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 68rem; padding: 0 1.25rem 4rem;
  background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.6 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: anywhere;
}
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
main:focus { outline: none; }
.hidden {
  position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap;
}
.skip { position: absolute; left: 1.25rem; top: -6rem; padding: .5rem 1rem; background: var(--surface); z-index: 1; }
.skip:focus { top: .5rem; }
header { padding: 2.75rem 0 1.5rem; border-bottom: 1px solid var(--line); margin-bottom: 2rem; }
header p { margin: 0; color: var(--quiet); }
header .name { font-size: 1.75rem; line-height: 1.2; font-weight: 650; letter-spacing: -.02em; margin-bottom: .35rem; }
header .name a { color: var(--ink); text-decoration: none; }
header .name a:hover { text-decoration: underline; }
h1, h2 { line-height: 1.25; letter-spacing: -.01em; margin: 0 0 .75rem; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.1875rem; }
h2:has(label) { margin-bottom: .2rem; }
section { margin-bottom: 2.75rem; }
label { display: block; }
.hint { margin: .1rem 0 .5rem; color: var(--quiet); font-size: .9375rem; }
textarea {
  display: block; width: 100%; min-height: 6rem; resize: vertical; padding: .7rem .8rem;
  border: 1px solid var(--border); border-radius: 6px; background: var(--surface); color: var(--ink); font: inherit;
}
textarea[aria-invalid] { border: 2px solid var(--wrong); }
button {
  margin-top: .8rem; padding: .6rem 1.6rem; min-height: 2.75rem; border: 1px solid transparent; border-radius: 6px;
  background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer;
}
button:hover { filter: brightness(1.12); }
.error { margin: .3rem 0 .5rem; color: var(--wrong); font-weight: 600; }
.alert {
  margin-bottom: 2rem; padding: 1rem 1.2rem; border-radius: 6px; border: 1px solid var(--wrong);
  border-left-width: 5px; background: var(--wrong-paper);
}
.alert h2 { color: var(--wrong); margin-bottom: .3rem; }
.alert p { margin: 0; }
.messages { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--line); }
.messages li { padding: 1rem 0; border-bottom: 1px solid var(--line); }
.messages li:target { padding-left: 1rem; border-left: 4px solid var(--accent); background: var(--new); }
.text { margin: 0; white-space: pre-wrap; overflow: clip; }
.time { margin: .25rem 0 0; color: var(--quiet); font-size: .875rem; }
.empty { padding: 1.5rem; border: 1px dashed var(--border); border-radius: 6px; color: var(--quiet); text-align: center; }
nav { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; margin-top: 1rem; }
nav a { padding: .4rem 0; }
aside {
  padding: 1.25rem 1.35rem; border: 1px solid var(--line); border-radius: 8px; background: var(--surface);
  font-size: .9375rem;
}
dl { margin: 0 0 1.25rem; }
dl div { padding: .4rem 0; }
dt { color: var(--quiet); font-size: .875rem; line-height: 1.3; }
dd { margin: 0; }
code { font: .9em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .875rem; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; font-size: .9375rem; }
th, td { padding: .35rem .5rem .35rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
th { font-weight: 500; }
thead th { color: var(--quiet); }
tbody th { white-space: nowrap; }
aside .hint { margin: .75rem 0 0; font-size: .875rem; }
@media (min-width: 58rem) {
  .columns { display: grid; grid-template-columns: minmax(0, 1fr) 21rem; gap: 3.5rem; align-items: start; }
}
`;

/** A speech bubble. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#1c5a5e" d="M5 5h22a3 3 0 0 1 3 3v12a3 3 0 0 1-3 3H15l-7 6v-6H5a3 3 0 0 1-3-3V8a3 3 0 0 1 3-3Z"/><path stroke="#fff" stroke-width="2.5" stroke-linecap="round" d="M9 11.5h14M9 16.5h9"/></svg>`;

/** Changes with the files' content, so that browsers may keep them for as long as they like. */
export const ASSET_VERSION = createHash("sha256").update(STYLE).update(ICON).digest("hex").slice(0, 12);
