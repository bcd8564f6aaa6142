/** What is different on paper: everything is there, nothing is to press, and a wide matrix is a list. */
export const PRINT_STYLE = `
@media print {
  :root {
    color-scheme: light;
    --paper: #ffffff; --surface: #ffffff; --line: #c9c7c0; --border: #7c7f7a;
    --ink: #000000; --quiet: #4a504e; --accent: #1c5a5e;
    --wrong: #9c2f21; --wrong-paper: #ffffff; --less: #1d5a86; --less-paper: #ffffff; --new: #ffffff;
    --level-0: #dcebf7; --on-level-0: #143f63; --level-1: #f6d98f; --on-level-1: #4c3300;
    --level-2: #4b3b82; --on-level-2: #ffffff;
  }
  @page { margin: 14mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .skip, .controls, .more, .hint, .show, dialog { display: none !important; }
  .level, .decision { print-color-adjust: exact; }
  .scroll, .scroll.tall, .scroll.short { overflow: visible; max-height: none; }
  .finding { content-visibility: visible; break-inside: avoid; }
  summary::before { content: none; }
  tr, .steps > li { break-inside: avoid; }
  pre { max-height: none; }
  .matrix thead th, .matrix .first { position: static; }
  .matrix { width: 100%; }
  .matrix.wide, .matrix.wide :is(tbody, tr) { display: block; }
  .matrix.wide thead, .matrix.wide td:empty { display: none; }
  .matrix.wide tr { padding: .3rem 0; border-bottom: 1px solid var(--line); }
  .matrix.wide :is(th, td) { display: block; width: auto; border: none; padding: .1rem .4rem; }
  .matrix.wide td::before { content: attr(data-schema) " "; }
  .matrix.wide td button { display: inline; width: auto; }
}
`;
