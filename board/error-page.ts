import { type Html, html } from "./html";
import { layout } from "./layout";

/** What is said for each status, and what to do about it. */
const ERRORS = {
  403: [
    "This form came from elsewhere",
    "Messages are taken from this board's own page only. Open the board and write the message there.",
  ],
  404: ["There is no such page", "The address may be mistyped. Everything there is, is on the board."],
  405: ["This page does not do that", "Open the board and use its form."],
  413: ["That was too much", "A message has at most 500 characters. Go back, shorten it and add it again."],
  415: ["That was no form of this board", "Open the board and write the message there."],
  421: [
    "The board is not known by this name",
    "Open it by the address that you were given. Whoever runs this service adds further names to ALLOWED_HOSTS.",
  ],
  429: [
    "That was too often",
    "Requests come faster than this board answers them. Wait a few seconds, then go back and try again: what you typed is still there.",
  ],
  500: [
    "Something went wrong here",
    "It is in the log of this service. Your message may not have been added.",
  ],
} as const;

/** A page that says what went wrong and leads back to the board. */
export function errorPage(status: keyof typeof ERRORS): Html {
  const [heading, advice] = ERRORS[status];
  return layout({
    title: `${heading} – Message board`,
    main: html`
      <section>
        <h1>${heading}</h1>
        <p>${advice}</p>
        ${status !== 421 && html`<p><a href="/">Open the message board</a></p>`}
      </section>`,
  });
}
