import { isDeepStrictEqual } from "node:util";
import { terminalText } from "../../../lib/terminal-text";
import { type Effect, kindOf } from "../../../model/config/review/kinds";
import { effectOf, type Finding, type JudgedFinding } from "../finding";
import { countOf, type FindingsOf, named, type Outline } from "../report/outline";
import type { Review } from "../result";
import { html, Markup } from "./markup";

/** Most characters of a finding's content that are shown: it may be a whole environment. */
const MOST_CONTENT = 8000;

/** Ends a line, where one in a text would be shown as an escape. */
const NEW_LINE = new Markup("\n");

/** Findings, those to approve first, as a reader without the page's script sees them as well. */
export function findingsOf(review: Review, { toApprove, toKnow, allowed, total }: Outline): Markup {
  const stacks = review.environments.flatMap(({ counts }) => counts.map(({ stack }) => stack));
  const section = (id: string, title: string, groups: readonly FindingsOf[]) =>
    groups.length > 0 &&
    html`
        <section class="decision-group" aria-labelledby="${id}">
          <h3 id="${id}">${title} <span class="count">${countOf(groups)}</span></h3>${groups.map((group) => part(group, stacks, total))}
        </section>`;
  const sections = [
    section("to-approve", "To approve", toApprove),
    section("to-know", "To know", toKnow),
    section("allowed", "Allowed", allowed),
  ];
  return sections.some(Boolean) ? html`${sections}` : html`<p class="empty">Nothing differs.</p>`;
}

/** Findings of the same environments: those of none of their stacks, then stack by stack. */
function part({ environments, findings }: FindingsOf, stacks: readonly string[], total: number): Markup {
  const byStack = new Map<string, JudgedFinding[]>([["", []]]);
  for (const finding of findings) {
    const stack = stackOf(finding, stacks) ?? "";
    const inIt = byStack.get(stack);
    if (inIt) inIt.push(finding);
    else byStack.set(stack, [finding]);
  }
  const where = environments.length === 0 ? "Of the change as a whole" : `In ${named(environments, total)}`;
  return html`
          <div class="group" data-environments="${JSON.stringify(environments.map(terminalText))}">${
            total > 1 &&
            html`
            <h4>${where}</h4>`
          }${[...byStack].map(
            ([stack, inIt]) =>
              inIt.length > 0 &&
              html`${
                stack !== "" &&
                html`
            <h5>${stack} <span class="count">${inIt.length}</span></h5>`
              }
            <ul class="findings">${inIt.map((finding) => item(finding, stack))}
            </ul>`,
          )}
          </div>`;
}

/** The stack that a finding is about: its subject is a stack's id, or an address in one. */
function stackOf({ subject }: Finding, stacks: readonly string[]): string | undefined {
  return stacks.find(
    (stack) =>
      subject === stack || (subject.startsWith(stack) && /^[^\w-]/.test(subject.slice(stack.length))),
  );
}

function item(finding: JudgedFinding, stack: string): Markup {
  const { decision, effect, also = [] } = finding;
  return html`
          <li class="finding ${effect}" data-decision="${decision}" data-effect="${effect}" data-stack="${stack}">
            <details>
              <summary><span class="line"><span class="decision ${decision}">${decision}</span> ${effectMark(effect)} <span class="text">${textOf(finding)}</span></span>${flatten(
                also,
              ).map(
                (each) => html`
                <span class="line also">${effectMark(effectOf(each))} <span class="text">${each.text}</span></span>`,
              )}</summary>
              ${more(finding)}
            </details>
          </li>`;
}

/** The effect in words; its colour only repeats them. */
function effectMark(effect: Effect): Markup {
  return html`<span class="effect ${effect}">${effect}</span>`;
}

/** The text, with what it is about set apart. */
function textOf({ subject, text }: Finding): Markup {
  return text.startsWith(subject)
    ? html`<strong>${subject}</strong>${text.slice(subject.length)}`
    : html`${text}`;
}

/** What the line does not say. */
function more(finding: Finding): Markup[] {
  return [finding, ...flatten(finding.also ?? [])].map(
    (each, index) => html`
              ${index > 0 && html`<p class="text">${each.text}</p>`}
              <p class="kind"><code>${each.kind}</code> ${kindOf(each.kind).about}</p>
              ${each.details && html`<ul class="details">${each.details.map((line) => html`<li class="text">${line}</li>`)}</ul>`}
              ${content(each)}`,
  );
}

function content({ content, text }: Finding): Markup | undefined {
  if (content === undefined || isDeepStrictEqual(content, text)) return undefined;
  const all = JSON.stringify(content, null, 2) ?? "";
  const lines = all.slice(0, MOST_CONTENT).split("\n");
  const rest = all.length - MOST_CONTENT;
  return html`<pre tabindex="0" aria-label="What an approval is for">${lines.map((line) => [line, NEW_LINE])}${rest > 0 && `… and ${rest} more characters, which the digest covers all the same`}</pre>`;
}

function flatten(findings: readonly Finding[]): Finding[] {
  return findings.flatMap((finding) => [finding, ...flatten(finding.also ?? [])]);
}

/** How many resources of each stack differ; nothing where none does. */
export function stackTable(review: Review): Markup | undefined {
  const counts = review.environments.flatMap(({ counts }) => counts);
  if (counts.length === 0) return undefined;
  return html`
      <section aria-labelledby="resources">
        <h2 id="resources">Resources</h2>
        <div class="scroll short" role="region" aria-labelledby="resources" tabindex="0">
        <table class="plain">
          <caption class="hidden">Resources that differ, by stack</caption>
          <thead><tr><th scope="col">stack</th><th scope="col">added</th><th scope="col">changed</th><th scope="col">replaced</th><th scope="col">destroyed</th></tr></thead>
          <tbody>${counts.map(
            ({ stack, added, changed, replaced, removed }) => html`
          <tr><th scope="row">${stack}</th><td>${added}</td><td>${changed}</td><td>${replaced}</td><td>${removed}</td></tr>`,
          )}
          </tbody>
        </table>
        </div>
      </section>`;
}
