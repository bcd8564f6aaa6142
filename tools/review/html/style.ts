/**
 * The style sheet of the page, for screens. Colours have a contrast of at least 4.5 in light and dark; a test measures them.
 * Levels differ in lightness as well as in hue, and effects are words: nothing is told by colour alone.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #f6f5f1; --surface: #ffffff; --line: #dcdad2; --border: #7c7f7a;
  --ink: #20262a; --quiet: #5a625f; --accent: #1c5a5e; --on-accent: #ffffff;
  --wrong: #9c2f21; --wrong-paper: #fbeeea; --less: #1d5a86; --less-paper: #e8f1f8; --new: #e6f0ee;
  --level-0: #dcebf7; --on-level-0: #143f63; --level-1: #f6d98f; --on-level-1: #4c3300;
  --level-2: #4b3b82; --on-level-2: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14191b; --surface: #1c2326; --line: #323b3e; --border: #7d8a8c;
    --ink: #e7eae8; --quiet: #a4afad; --accent: #86cbc7; --on-accent: #10201f;
    --wrong: #f2a093; --wrong-paper: #33201d; --less: #93c4ea; --less-paper: #1b2a36; --new: #1d3334;
    --level-0: #1e3a52; --on-level-0: #cfe5f7; --level-1: #6b4e0c; --on-level-1: #fdeec4;
    --level-2: #c3b5f2; --on-level-2: #221a45;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0 auto; max-width: 92rem; padding: 0 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: anywhere;
}
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
h2:focus { outline: none; }
[hidden] { display: none !important; }
.hidden {
  position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap;
}
.skip { position: absolute; left: 1.25rem; top: -6rem; padding: .5rem 1rem; background: var(--surface); z-index: 3; }
.skip:focus { top: .5rem; }
h1, h2, h3, h4, h5 { line-height: 1.25; letter-spacing: -.01em; margin: 0; }
code, pre { font: .875em/1.45 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }
section { margin-bottom: 2.5rem; }

header { padding: 2rem 0 1.5rem; border-bottom: 1px solid var(--line); margin-bottom: 2rem; }
header p { margin: 0; }
.sides, .facts, .hint, .status, .kind { color: var(--quiet); font-size: .9375rem; }
.outcome { font-size: 2rem; font-weight: 650; letter-spacing: -.02em; margin: .15rem 0 .35rem; }
.outcome.approval-needed { color: var(--wrong); }
.approval { display: grid; gap: .75rem; margin: 1.25rem 0 0; padding: 1rem 1.2rem; background: var(--surface);
  border: 1px solid var(--line); border-left: 5px solid var(--wrong); border-radius: 6px; }
.approval.approved { border-left-color: var(--accent); }
.approval dt, .steps dt { color: var(--quiet); font-size: .875rem; }
.approval dd { margin: 0; }
.whole { user-select: all; }

h2 { font-size: 1.375rem; margin-bottom: .75rem; }
h3 { font-size: 1.1875rem; margin: 1.5rem 0 .75rem; }
h4, h5 { font-size: 1rem; margin: 1rem 0 .5rem; }
h5 { font-size: .9375rem; font-weight: 500; }
.count { margin-left: .25rem; color: var(--quiet); font-weight: 400; font-variant-numeric: tabular-nums; }
.group + .group { margin-top: .75rem; }
.decision-group { margin-bottom: 1.5rem; }
.findings { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); }
.finding { padding: .55rem 1rem .55rem .6rem; border-left: 4px solid var(--border); content-visibility: auto; contain-intrinsic-size: auto 2.8rem; }
.finding + .finding { border-top: 1px solid var(--line); }
.finding:first-child { border-top-left-radius: 8px; }
.finding:last-child { border-bottom-left-radius: 8px; }
.finding.widened { border-left-color: var(--wrong); }
.finding.narrowed { border-left-color: var(--less); }
.line { display: flex; gap: .15rem .5rem; align-items: baseline; }
.line > .text { flex: 1; min-width: 0; }
.text { unicode-bidi: isolate; }
.decision, .effect, .change {
  display: inline-block; padding: .05rem .5rem; border-radius: 99px; font-size: .8125rem; line-height: 1.4; white-space: nowrap;
  border: 1px solid transparent;
}
.decision { border-color: var(--border); color: var(--ink); }
.decision.approve { background: var(--wrong); border-color: var(--wrong); color: var(--surface); font-weight: 600; }
.decision.allow { border-style: dashed; color: var(--quiet); }
.decision, .effect { flex: none; min-width: 4.75rem; text-align: center; }
.effect { min-width: 5.25rem; background: var(--paper); color: var(--quiet); }
.effect.widened { background: var(--wrong-paper); color: var(--wrong); }
.effect.narrowed { background: var(--less-paper); color: var(--less); }
.also { margin-top: .35rem; }
.also::before { content: "↳"; flex: none; width: 4.75rem; color: var(--quiet); text-align: right; }
summary { cursor: pointer; padding-left: 1.4rem; list-style: none; position: relative; }
summary::-webkit-details-marker { display: none; }
summary::before { content: "▸"; position: absolute; left: .1rem; color: var(--accent); }
[open] > summary::before { content: "▾"; }
summary:hover strong { text-decoration: underline; }
details > :not(summary) { margin-left: 1.4rem; font-size: .9375rem; }
.kind { margin-block: .6rem .4rem; }
.details { margin-block: .4rem; }
.details { padding-left: 1.2rem; }
pre { max-height: 24rem; overflow: auto; margin: .5rem 0 0; padding: .75rem 1rem; background: var(--paper);
  border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; }
.empty { padding: 1.25rem; border: 1px dashed var(--border); border-radius: 8px; color: var(--quiet); text-align: center; margin: 0; }

.controls { display: flex; flex-wrap: wrap; gap: .6rem .75rem; align-items: end; margin-bottom: .6rem; }
.field { display: grid; gap: .15rem; flex: 1 1 7.5rem; max-width: 14rem; min-width: 0; }
.field.wide { flex-basis: 12rem; max-width: 22rem; }
label { font-size: .875rem; color: var(--quiet); }
select, input[type="search"] {
  width: 100%; min-height: 2.5rem; padding: .35rem .6rem; border: 1px solid var(--border); border-radius: 6px;
  background: var(--surface); color: var(--ink); font: inherit; font-size: .9375rem;
}
.switch { display: flex; gap: .45rem; align-items: center; min-height: 2.5rem; color: var(--ink); font-size: .9375rem; }
.switch input { width: 1.15rem; height: 1.15rem; accent-color: var(--accent); margin: 0; }
button { font: inherit; cursor: pointer; }
.controls button, .more button, .close, .show {
  min-height: 2.5rem; padding: .2rem 1rem; white-space: nowrap; border: 1px solid var(--border); border-radius: 6px;
  background: transparent; color: var(--accent); font-size: .9375rem; font-weight: 600;
}
.controls button:hover, .more button:hover, .close:hover, .show:hover { background: var(--new); }
.show { min-height: 1.75rem; padding: 0 .75rem; font-size: .875rem; }
.status { margin: 0 0 .75rem; font-variant-numeric: tabular-nums; }
.legend { display: flex; flex-wrap: wrap; gap: .35rem 1.5rem; list-style: none; margin: 0 0 .9rem; padding: 0;
  color: var(--quiet); font-size: .875rem; }
.hint { margin: .75rem 0 0; }
.more { margin: .75rem 0 0; }

.scroll { overflow: auto; width: fit-content; max-width: 100%; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); }
.scroll.tall { max-height: 80vh; }
.scroll.short { max-height: 24rem; }
.scroll:has(> .empty) { width: auto; border: none; background: none; }
table { border-collapse: separate; border-spacing: 0; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: middle; }
.plain { min-width: min(34rem, 100%); overflow-wrap: normal; }
.plain caption { text-align: left; padding: .6rem .85rem; font-weight: 600; }
.plain :is(th, td) { padding: .4rem .85rem; border-top: 1px solid var(--line); font-weight: 400; }
.plain thead :is(th, td) { color: var(--quiet); border-top: none; }
.plain :is(td, th + th) { text-align: right; }
.plain td:has(button) { text-align: left; }
.plain td { white-space: nowrap; }
.plain .approve { color: var(--wrong); font-weight: 650; }
.plain .none { color: var(--quiet); }

.matrix { --first: 14rem; --column: 7.25rem; --databases: 1.9rem;
  table-layout: fixed; width: calc(var(--first) + var(--columns) * var(--column)); line-height: 1.3; }
.matrix:not(.wide) { --column: 13rem; }
.matrix :is(th, td) { padding: .3rem .4rem; border-bottom: 1px solid var(--line); }
.matrix .first { width: var(--first); position: sticky; left: 0; z-index: 1; background: var(--surface); border-right: 1px solid var(--line); padding-left: .85rem; }
.matrix thead th { position: sticky; top: var(--databases); z-index: 1; background: var(--surface); color: var(--quiet); font-weight: 500; vertical-align: bottom; }
.matrix thead tr:first-child th { top: 0; height: var(--databases); }
.matrix thead .first { z-index: 2; }
.matrix .database { color: var(--ink); font-weight: 600; border-bottom: none; }
.matrix thead .name { color: var(--ink); }
.matrix .database, .matrix td:not(:last-child) { border-right: 1px solid var(--line); }
.matrix tbody tr:hover :is(th, td) { background: var(--paper); }
.matrix tbody tr:last-child :is(th, td) { border-bottom: none; }
.matrix tbody th { font-weight: 400; }
.matrix .about { display: block; color: var(--quiet); font-size: .8125rem; }
.matrix button { display: block; width: 100%; padding: 0; border: none; background: none; color: inherit; text-align: left; }
.matrix button.name { font-weight: 600; width: fit-content; max-width: 100%; }
.matrix button.name:hover { text-decoration: underline; }
.matrix .cell:hover .level { border-color: currentColor; }
.matrix button:focus-visible { outline-offset: 1px; }
.matrix td { background: var(--surface); }
.matrix td.changed { background: var(--new); }
.change { padding: 0 .4rem; border-color: var(--border); color: var(--ink); background: var(--surface); font-size: .75rem; white-space: normal; }
.removed button.name { text-decoration: line-through; }
.level { display: inline-block; padding: .1rem .45rem; border-radius: 4px; border: 1px solid transparent; white-space: nowrap;
  background: var(--paper); color: var(--ink); }
.level-0 { background: var(--level-0); color: var(--on-level-0); }
.level-1 { background: var(--level-1); color: var(--on-level-1); }
.level-2 { background: var(--level-2); color: var(--on-level-2); }
.level-none { background: none; border: 1px dashed var(--border); color: var(--quiet); }
del, ins { text-decoration: none; display: inline-block; }
del .level { background: none; border-color: var(--border); color: var(--quiet); text-decoration: line-through; }
del .level-none { text-decoration: none; border-style: dashed; }
.arrow { color: var(--quiet); }

dialog { width: min(46rem, 100vw); max-width: none; height: 100dvh; max-height: none; margin: 0 0 0 auto; padding: 0 1.5rem 2rem;
  border: none; border-left: 1px solid var(--border); background: var(--surface); color: var(--ink); overflow: auto; }
dialog::backdrop { background: rgb(0 0 0 / .45); }
.head { position: sticky; top: 0; display: flex; gap: 1rem; justify-content: space-between; align-items: center; padding: 1rem 0 .75rem;
  background: var(--surface); z-index: 1; }
.head h2 { margin: 0; font-size: 1.25rem; }
.steps { list-style: none; margin: 1rem 0 0; padding: 0; counter-reset: step; }
.steps > li { position: relative; padding: 0 0 1.25rem 2.25rem; counter-increment: step; }
.steps > li::before { content: counter(step); position: absolute; left: 0; top: 0; width: 1.5rem; height: 1.5rem; border-radius: 50%;
  border: 1px solid var(--border); background: var(--surface); color: var(--quiet); font-size: .8125rem; line-height: 1.4rem; text-align: center; }
.steps > li:not(:last-child)::after { content: ""; position: absolute; left: .72rem; top: 1.75rem; bottom: .2rem; border-left: 1px solid var(--border); }
.steps h3 { font-size: 1rem; line-height: 1.5rem; margin: 0; }
.steps h4 { margin: .25rem 0; font-size: .875rem; color: var(--quiet); font-weight: 500; }
.steps dl { margin: .3rem 0 0; font-size: .9375rem; }
.steps dl > div { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); gap: .1rem .75rem; padding: .2rem .4rem; margin: 0 -.4rem; }
.steps dd { margin: 0; }
.both { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; margin-top: .5rem; }
.both dl > div { grid-template-columns: 1fr; }
.side { padding: .35rem .75rem .5rem; border-radius: 6px; border: 1px solid var(--line); }
.side:last-child { background: var(--new); border-color: var(--border); }
.side h4 { margin: 0; }
.nothing { margin: .3rem 0 0; color: var(--quiet); }

@media (max-width: 40rem) {
  body { padding: 0 .9rem 3rem; }
  .outcome { font-size: 1.625rem; }
  .field, .field.wide { max-width: none; flex-basis: 9rem; }
  .matrix, .matrix:not(.wide) { --first: 9.5rem; --column: 7.25rem; }
  .line { flex-wrap: wrap; }
  .line > .text { flex-basis: 100%; }
  .also::before { width: auto; }
  summary { padding-left: 1.1rem; }
  .matrix .first { padding-left: .6rem; }
  dialog { padding: 0 1rem 2rem; border-left: none; }
  .steps dl > div, .both { grid-template-columns: 1fr; }
}
@media (forced-colors: active) {
  .level, .decision, .effect { border-color: CanvasText; }
  .finding.widened { border-left-style: double; }
  .matrix td.changed { outline: 2px solid Highlight; outline-offset: -2px; }
}
`;
