import { closest, distance } from "fastest-levenshtein";
import { terminalText } from "./terminal-text";

/** ` Did you mean "x"?` when one of the candidates is near enough, else the list of them all, else nothing. */
export function suggestion(word: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return "";
  const near = closest(word, candidates);
  if (distance(word, near) <= Math.max(2, word.length / 3)) return ` Did you mean ${quote(near)}?`;
  const shown = [...candidates].sort().slice(0, 20);
  return ` Known: ${shown.join(", ")}${candidates.length > shown.length ? ", …" : ""}.`;
}

/** Most characters of a quoted text. */
const MOST = 80;

/** Text as an error shows it: in quotes, on one line, not too long, and nothing in it that a terminal would obey. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  const characters = [...text];
  return terminalText(characters.length > MOST ? `${characters.slice(0, MOST - 4).join("")} …` : text);
}
