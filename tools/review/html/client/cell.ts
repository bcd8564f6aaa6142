import type { Cell, EnvironmentData } from "../page-data";
import { make } from "./elements";

/** What a cell says, in words: its level, or the one before and the one now. */
export function cellText({ levels }: EnvironmentData, [, before, after]: Cell): string {
  const level = (at: number) => levels[at]?.name ?? "none";
  return before === after ? level(after) : `${level(before)} → ${level(after)}`;
}

/** The same in colours as well. */
export function cellParts({ levels }: EnvironmentData, [, before, after]: Cell): HTMLElement[] {
  const level = (at: number) =>
    make("span", `level level-${at < 0 ? "none" : at}`, levels[at]?.name ?? "none");
  if (before === after) return [level(after)];
  return [make("del", "", level(before)), make("span", "arrow", " → "), make("ins", "", level(after))];
}
