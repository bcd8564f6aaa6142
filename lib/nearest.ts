import { closest, distance } from "fastest-levenshtein";
import { terminalText } from "./terminal-text";

/** ` Did you mean "x"?` when one of the candidates is near enough, else the list of them all, else nothing. */
export function suggestion(word: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return "";
  const near = nearest(word, candidates);
  if (near !== undefined) return ` Did you mean ${quote(near)}?`;
  const all = [...candidates].sort().slice(0, MOST_CANDIDATES).map(shown);
  return ` Known: ${all.join(", ")}${candidates.length > all.length ? ", …" : ""}.`;
}

/** The candidate that a word was probably meant to be. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  // Nobody misspells a longer one, and to compare it takes its length for each candidate.
  if (candidates.length === 0 || word.length > MOST) return undefined;
  const near = closest(word, candidates);
  const changes = distance(word, near);
  // A word of which no letter remains is another word.
  return changes < word.length && changes <= Math.max(2, word.length / 3) ? near : undefined;
}

/** Most candidates that are listed. */
const MOST_CANDIDATES = 20;

/** Most characters of a quoted text. */
const MOST = 80;

/** Text as an error shows it: in quotes, on one line, not too long, and nothing in it that a terminal would obey. */
export function quote(value: unknown): string {
  return shown(JSON.stringify(value) ?? String(value));
}

/** The same without quotes: a number as it is written in a file. */
export function shown(text: string): string {
  const characters = [...text];
  return terminalText(characters.length > MOST ? `${characters.slice(0, MOST - 4).join("")} …` : text);
}
