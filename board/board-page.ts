import { connectionLine, connectionPanel } from "./connection-panel";
import type { DatabaseProblem } from "./database-problem";
import { type Html, html } from "./html";
import type { Identity } from "./identity";
import { layout } from "./layout";
import { MAX_CHARACTERS } from "./message";
import type { BoardPage, Message } from "./store";
import { timeElement } from "./time-element";

/** The form, as it is to be shown. */
export interface Typed {
  readonly nonce: string;
  readonly text: string;
  /** What is wrong with the text. @default nothing */
  readonly problem?: string;
}

/** What the board's page shows. */
export interface BoardView {
  readonly identity: Identity;
  readonly typed: Typed;
  /** What the database said; undefined when it did not. */
  readonly board?: BoardPage;
  /** Why it did not. */
  readonly problem?: DatabaseProblem;
  /** Id of the message that the page starts behind. @default the newest */
  readonly before?: string;
}

/** The board: a form, the messages, and how this service is connected. */
export function boardPage({ identity, typed, board, problem, before }: BoardView): Html {
  const wrong = problem ? "Database unavailable – " : typed.problem ? "Error – " : "";
  return layout({
    title: `${wrong}Message board`,
    main: html`
      <h1 class="hidden">Message board</h1>
      ${problem && alert(problem, typed)} ${form(typed)} ${board && messages(board, before)}`,
    line: connectionLine(identity, board?.server),
    aside: connectionPanel(identity, board?.server),
  });
}

function alert({ reason, temporary }: DatabaseProblem, { text }: Typed): Html {
  const action = text === "" ? "load this page again" : "press Add again";
  return html`
      <div class="alert" role="alert">
        <h2>${reason}</h2>
        <p>
          ${text !== "" && "Your message is still in the box below. It may have been added or not; added again, it will be there once. "}
          ${temporary ? `This usually passes: wait a few seconds, then ${action}.` : `Whoever runs this service finds the cause in its log. Once that is settled, ${action}.`}
        </p>
      </div>`;
}

function form({ nonce, text, problem }: Typed): Html {
  // Without autocomplete="off" some browsers restore the old nonce on reload. A newline right after <textarea> is not
  // part of its text, so one that the text starts with survives behind it.
  return html`
      <section aria-labelledby="add">
        <h2 id="add"><label for="text">Add a message</label></h2>
        <form method="post" action="/messages">
          <input type="hidden" name="nonce" value="${nonce}" autocomplete="off">
          <p class="hint" id="hint">At most ${MAX_CHARACTERS} characters. Everyone who opens this page can read it.</p>
          ${problem && html`<p class="error" id="error" role="alert">${problem}</p>`}
          <textarea id="text" name="text" rows="3" required dir="auto"
            aria-describedby="${problem ? "error hint" : "hint"}"
            ${problem && html`aria-invalid="true" autofocus`}>
${text}</textarea>
          <button>Add</button>
        </form>
      </section>`;
}

function messages({ messages, more }: BoardPage, before?: string): Html {
  const oldest = messages.at(-1);
  return html`
      <section aria-labelledby="messages">
        <h2 id="messages">${before === undefined ? "Messages" : "Older messages"}</h2>
        ${
          messages.length > 0
            ? html`<ol class="messages">${messages.map(messageItem)}</ol>`
            : html`<p class="empty">${before === undefined ? "Nobody has written anything yet. Yours would be the first." : "There are no older ones."}</p>`
        }
        ${
          (more || before !== undefined) &&
          html`<nav aria-label="Pages of messages">
          ${before !== undefined && html`<a href="/">Newest messages</a>`}
          ${more && oldest && html`<a href="/?before=${oldest.id}">Older messages</a>`}
        </nav>`
        }
      </section>`;
}

function messageItem({ id, text, at }: Message): Html {
  // dir="auto" makes each message a world of its own: marks of the writing direction end with it.
  return html`
          <li id="message-${id}">
            <p class="text" dir="auto">${text}</p>
            <p class="time">${timeElement(at)}</p>
          </li>`;
}
